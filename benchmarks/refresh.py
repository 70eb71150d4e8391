"""Measure what a refresh of the sample costs, end to end, after installation.

Refreshes the sample several times, each in a warehouse of its own, and writes seconds by stage (median, least, most), CPU
time and the slowest models to refresh.md beside this file:

    .venv/bin/python benchmarks/refresh.py [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
SLOWEST = 12
PROMISED_SECONDS = 60


def refresh(warehouse: Path) -> dict[str, Any]:
    """One refresh of the sample.

    Args:
        warehouse: an empty folder.

    Returns:
        The object that the command prints, with `wall` and `cpu` in seconds.

    Raises:
        SystemExit: the refresh failed; its message is shown.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "support_kpis", "refresh", "--json", "--warehouse-dir", str(warehouse)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.monotonic() - begun
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout), "wall": wall, "cpu": cpu}


def slowest_nodes(warehouse: Path) -> list[tuple[str, float]]:
    """The nodes of dbt that took longest in a refresh: name and seconds."""
    results = json.loads((warehouse / "build" / "target" / "run_results.json").read_text(encoding="utf-8"))
    times = [(node["unique_id"].split(".", 2)[-1], node["execution_time"]) for node in results["results"]]
    return sorted(times, key=lambda item: -item[1])[:SLOWEST]


def row(name: str, values: list[float]) -> str:
    """One line of the table: median, least and most."""
    return f"| {name} | {statistics.median(values):.1f} | {min(values):.1f} | {max(values):.1f} |"


def report(outcomes: list[dict[str, Any]], slowest: list[tuple[str, float]]) -> str:
    """The page of figures."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    last = outcomes[-1]
    median = statistics.median(outcome["wall"] for outcome in outcomes)
    verdict = "kept" if median < PROMISED_SECONDS else "not kept"
    lines = [
        "# What a refresh of the sample costs",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `benchmarks/refresh.py`, {len(outcomes)} refresh{'es, each' if len(outcomes) > 1 else ''} into a new "
        f"warehouse, with {os.cpu_count()} cores and {gib:.1f} GiB of memory; Python {platform.python_version()}, "
        f"dbt {version('dbt-core')}, DuckDB {version('duckdb')}.",
        "",
        f"{last['models_count']} models and seeds, {last['tests_count']} tests and expectations, "
        f"{last['rows_published']:,} rows published. The promise of less than {PROMISED_SECONDS} s is {verdict}.",
        "",
        "| seconds | median | least | most |",
        "|---|--:|--:|--:|",
        row("end to end", [outcome["wall"] for outcome in outcomes]),
        row("CPU", [outcome["cpu"] for outcome in outcomes]),
        *(
            row(f"stage: {stage}", [outcome["seconds"][stage] for outcome in outcomes])
            for stage in last["seconds"]
        ),
        "",
        "Most of the build is dbt's own work for each node, on one core; the models below are those that take longest in the "
        "database.",
        "",
        "| model, seed or test | seconds |",
        "|---|--:|",
        *(f"| {name} | {seconds:.2f} |" for name, seconds in slowest),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="refreshes to measure (3)")
    parser.add_argument("--out", type=Path, default=HERE / "refresh.md", help="the page to write")
    arguments = parser.parse_args()
    outcomes = []
    slowest: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.runs):
            warehouse = Path(folder) / str(number)
            outcomes.append(refresh(warehouse))
            slowest = slowest_nodes(warehouse)
            print(f"refresh {number + 1}: {outcomes[-1]['wall']:.1f} s", file=sys.stderr)
    arguments.out.write_text(report(outcomes, slowest), encoding="utf-8")


if __name__ == "__main__":
    main()
