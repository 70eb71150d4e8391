"""How often the strongest run of days of int_alert_scores passes a bound, against one normal variable; printed, not kept.

Twenty million independent normal days, the runs and the rules of macros/statistics/forecasts.sql:

    .venv/bin/python benchmarks/runs.py
"""

from __future__ import annotations

import math

import numpy as np

DAYS = 20_000_000
RUNS = (2, 3, 5)
LEAST, FARTHEST, WIDER = 2.0, 3.5, 1.03
BOUNDS = (3.0, 3.5, 4.0)


def strongest_runs(rng: np.random.Generator, days: int) -> np.ndarray:
    """Score of the strongest run that ends on each day, 0 where the day is not off by itself.

    Args:
        rng: source of chance.
        days: how many; the first four are left out.
    """
    score = rng.standard_normal(days, dtype=np.float32)
    bounded = np.clip(score, -FARTHEST, FARTHEST)
    reach = max(RUNS) - 1
    total, best = score[reach:].copy(), np.zeros(days - reach, np.float32)
    for back in range(1, reach + 1):
        total += bounded[reach - back : days - back]
        if back + 1 in RUNS:
            best = np.maximum(best, total / np.float32(math.sqrt(back + 1) * WIDER))
    return np.where(score[reach:] >= LEAST, best, np.float32(0))


def main() -> None:
    """Print the comparison."""
    best = strongest_runs(np.random.default_rng(1), DAYS)
    for bound in BOUNDS:
        one = math.erfc(bound / math.sqrt(2)) / 2
        print(f"beyond {bound:g}: {np.mean(best > bound) / one:.2f} times as often as one normal variable")


if __name__ == "__main__":
    main()
