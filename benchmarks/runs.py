"""How often the strongest run of days of int_alert_scores passes a bound, against one normal variable; printed, not kept.

Millions of independent normal days of one series, forecast as int_alert_forecasts does (the weekday's mean, moved by the last weeks), so that what a
forecast misses is shared by the days of a run; then the runs and the rules of macros/statistics/runs_of_days.sql:

    .venv/bin/python benchmarks/runs.py
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

DAYS = 14_000_000
AT_ONCE = 3_500_000
SEASON_WEEKS, LEVEL, GAP = 13, 28, 4
RUNS = (2, 3, 4, 5)
SURE, LEAST, FARTHEST = 2.0, 1.0, 3.5
BOUNDS = (3.0, 3.5, 4.0, 4.25)


def forecast_scores(rng: np.random.Generator, days: int) -> Any:
    """Misses of forecasts in their standard deviations, one a day, without the days that have too short a past.

    Args:
        rng: source of chance.
        days: how many, a multiple of seven.
    """
    weeks = rng.standard_normal((days // 7, 7))
    sums = np.vstack([np.zeros(7), np.cumsum(weeks, axis=0)])
    season = np.zeros_like(weeks)
    season[SEASON_WEEKS:] = (sums[SEASON_WEEKS:-1] - sums[: -SEASON_WEEKS - 1]) / SEASON_WEEKS
    differences = (weeks - season).reshape(-1)
    totals = np.concatenate([[0.0], np.cumsum(differences)])
    begin = 7 * SEASON_WEEKS + GAP + LEVEL
    at = np.arange(begin, days)
    missed = differences[begin:] - (totals[at - GAP] - totals[at - GAP - LEVEL]) / LEVEL
    return missed / math.sqrt(1 + 1 / SEASON_WEEKS + 1 / LEVEL)


def run_width(days: int) -> float:
    """Standard deviation of the sum of so many scores: see the macro of this name."""
    shared = 1 / LEVEL / (1 + 1 / LEVEL + 1 / SEASON_WEEKS)
    return math.sqrt(days * (1 + (days - 1) * shared))


def strongest_runs(score: Any, first: int) -> Any:
    """Score of the strongest run that ends so many days before each day, 0 where there is none; the first six days are left out."""
    back = max(RUNS) + 1
    bounded = np.clip(score, -FARTHEST, FARTHEST)
    count = len(score) - back
    total, best = score[back - first :][:count].copy(), np.zeros(count)
    for days in range(2, max(RUNS) + 1):
        total = total + bounded[back - first - days + 1 :][:count]
        if days in RUNS:
            best = np.maximum(best, total / run_width(days))
    return best


def told_runs(score: Any) -> Any:
    """Score of the run that ends on each day, 0 where today is none of it."""
    back = max(RUNS) + 1
    today, yesterday = score[back:], score[back - 1 : -1]
    best, before = strongest_runs(score, 0), np.maximum(strongest_runs(score, 1), yesterday)
    return np.where((today >= SURE) | ((today >= LEAST) & (best > before)), best, 0.0)


def main() -> None:
    """Print the comparison."""
    rng = np.random.default_rng(1)
    passed, seen = dict.fromkeys(BOUNDS, 0), 0
    for _ in range(DAYS // AT_ONCE):
        best = told_runs(forecast_scores(rng, AT_ONCE))
        seen += len(best)
        for bound in BOUNDS:
            passed[bound] += int(np.count_nonzero(best > bound))
    for bound, count in passed.items():
        one = math.erfc(bound / math.sqrt(2)) / 2
        print(f"beyond {bound:g}: {count / seen / one:.2f} times as often as one normal variable")


if __name__ == "__main__":
    main()
