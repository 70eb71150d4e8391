"""Measure how well alerts find what is planted, through the models' own SQL.

Plants spikes and creeps of several sizes into many made-up operations (see planted.py), and nothing into as many others, runs the compiled
models of the alerts on their scorecards, and writes recall, precision, delay and false discoveries to alerts.md beside this file and,
in short, into docs/alerts.md:

    .venv/bin/python benchmarks/alerts.py [--operations 20] [--quiet 60] [--volumes 60 200 600]
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from judging import (
    CASES,
    HERE,
    PROJECT,
    WANTED_PRECISION,
    Case,
    Tally,
    compiled_models,
    crowd_of,
    measure,
    upper_tail,
)
from planted import DAY_SIGMA, DAYS, JUDGED_WEEKS, TEAMS, TIME_SIGMA

CREEP = np.arange(1, 22)
"""Days of a creep of three weeks."""
BEGIN_FIGURES, END_FIGURES = "<!-- written by benchmarks/alerts.py -->", "<!-- end -->"


def share(value: float) -> str:
    """A share for the table; a dash where there is none."""
    return "-" if value != value else f"{value:.2f}"


def line(case: Case, volume: int, found: Tally) -> str:
    """One row of the table."""
    delay = f"{np.median(found.delays):.0f}" if found.delays else "-"
    false = f"{100 * found.false_periods / found.periods:.1f} %"
    cells = (
        [share(found.recall), share(found.ceiling), delay, share(found.precision)] if case.kind else ["-"] * 4
    )
    return f"| {case.words} | {volume} | {' | '.join(cells)} | {false} |"


def report(results: list[tuple[Case, int, Tally]], crowd: list[tuple[float, Tally]], seconds: float) -> str:
    """The page of figures."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    planted = [found for case, _, found in results if case.kind]
    signals = min(len(found.strengths) for found in planted)
    nothing = [found for case, _, found in results if not case.kind]
    operations = max(found.operations for found in planted)
    quiet = sum(found.false_alerts for found in nothing) / sum(found.operations for found in nothing)
    single = next(
        found for case, volume, found in results if case.size == 3 and case.days == 1 and case.kpis == 1
    )
    tests = single.tests / single.operations
    lines = [
        "# How well alerts find what is planted",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `benchmarks/alerts.py` in {seconds / 60:.0f} min, with {os.cpu_count()} cores and {gib:.1f} GiB of memory; "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}.",
        "",
        f"Each line: {operations} made-up operations of {TEAMS} teams with {DAYS // 7} weeks of history, nine KPIs, weekday pattern, growth of 30 % a year, and days that differ by "
        f"4 to 5 % beyond chance. In each, one signal in each team within the last {JUDGED_WEEKS} weeks, at a random KPI and place: about one a week in {TEAMS} teams. Nothing is planted "
        f"into {nothing[0].operations} operations of each volume. The models are the project's own, as dbt compiles them; up to {max(found.most_tests for _, _, found in results)} "
        "series share the tests of a period. `sd` is the standard deviation of the member's daily noise, chance included; the planted days have chance on top, but for "
        "the line that says otherwise. What a creep has reached stays.",
        "",
        "- Found: the share of signals with an alert of that team and KPI (or of the KPI made of the same times: mean and median) in a period that touches the signal. "
        f"With {signals} signals a line it is sure within {1.96 * math.sqrt(0.25 / signals):.2f}, and within less near 0 and 1.",
        f"- Possible: what someone could find at most who knows the level and spread of every series and the shape of the signal, not where it is, and of whose alerts {WANTED_PRECISION:.0%} "
        "are true. For creeps: by its last day, the level before being known. What is found can be more where precision is less.",
        "- Delay: median days from the first day of the signal to the end of the period that first told of it.",
        "- Precision: the share of the alerts of the judged weeks that a signal explains: its team or all teams together, its KPI, its days. "
        f"What such a series has in the four days after a spike speaks of a run of days that contains it, and counts as neither ({sum(found.echoes for found in planted)} in all lines).",
        "- False periods: days and weeks with at least one alert or note that no signal explains.",
        "",
        "| planted | tickets a team and day | found | possible | delay, days | precision | false periods |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *(line(case, volume, found) for case, volume, found in results),
        "",
        f"Of the alerts in all lines with signals {told(results):.1%} are true; {told(results, 'spike'):.1%} in those with spikes, {told(results, 'creep'):.1%} in those with creeps (a creep is told "
        f"of day after day). Where nothing is planted, an operation of {TEAMS} teams has {quiet:.2f} false alerts in {JUDGED_WEEKS} weeks, so that precision falls where signals are rarer "
        "or too weak to be found.",
        "",
        "## Many members at once",
        "",
        "The same test where every operation is one member of a single warehouse, and half of them have the spike on the same day: the more there is to find, the less it takes.",
        "",
        "| spike of one day | found | precision |",
        "|---|--:|--:|",
        *(f"| {size:g} sd | {share(found.recall)} | {share(found.precision)} |" for size, found in crowd),
        "",
        "## What is possible",
        "",
        *possible(tests),
    ]
    return "\n".join(lines) + "\n"


def told(results: Sequence[tuple[Case, int, Tally]], kind: str | None = None) -> float:
    """Share of true ones among the alerts of all lines with signals, or with those of one kind (a placed spike is one too)."""
    kinds = {None: ("spike", "placed", "creep"), "spike": ("spike", "placed"), "creep": ("creep",)}[kind]
    tallies = [found for case, _, found in results if case.kind in kinds]
    true = sum(found.true_alerts for found in tallies)
    return true / max(1, true + sum(found.false_alerts for found in tallies))


def creep_strength(volume: int) -> float:
    """Standard deviations that three weeks of 1 % a day more add up to, where a mean of so many times a day is watched."""
    noise = math.sqrt((math.exp(TIME_SIGMA**2) - 1) / volume + DAY_SIGMA**2)
    return float(np.sqrt(np.sum(np.square(CREEP * math.log(1.01))))) / noise


def lost_to_trend(days: int) -> float:
    """Share of a creep's strength that is lost where weekdays and a steady trend are learnt by least squares from so many days."""
    signal = np.zeros(days)
    signal[-len(CREEP) :] = CREEP
    at = np.arange(days)
    known = np.column_stack([at % 7 == weekday for weekday in range(7)] + [at / days]).astype(float)
    rest = signal - known @ np.linalg.lstsq(known, signal, rcond=None)[0]
    return 1 - float(np.linalg.norm(rest) / np.linalg.norm(signal))


def possible(tests: float) -> list[str]:
    """Why some of what is wanted excludes the rest, with the figures.

    Args:
        tests: tests of an operation in the judged weeks for being worse on a day.
    """
    bound = 3 - 1.2816
    false = tests * float(upper_tail([bound])[0])
    bounds = np.arange(0.0, 6.0, 0.01)
    per_day = upper_tail(bounds) * tests / (7 * JUDGED_WEEKS)
    quiet = float(bounds[per_day <= 0.05][0])
    kept = float(upper_tail([quiet - 3])[0])
    return [
        f"A single day that should lie 3 sd off lies, with chance on top, 2 to 4 sd off two times in three. To find nine in ten takes a bound of {bound:.2f} sd, and the {tests:,.0f} tests of "
        f"six weeks then have {false:.0f} false alerts beside {TEAMS} true ones: a precision of {0.9 * TEAMS / (0.9 * TEAMS + false):.2f}. At most one quiet day in twenty with a false alert "
        f"takes {quiet:.1f} sd and leaves {kept:.0%} to be found; the column `possible` is what the wanted precision leaves. So nine in ten single days of 3 sd and a precision of 0.95 exclude "
        "each other for everyone; what lasts three days adds up to 5.2 sd, five days to 6.7, and can be found.",
        "",
        f"A creep of 1 % a day adds up to {', '.join(f'{creep_strength(volume):.1f} sd at {volume} tickets a day' for volume in (60, 200, 600))}, if the level before is known for "
        f"certain. Not to take steady growth for a creep, the trend of the months before has to be learnt too: of that strength {lost_to_trend(168):.0%} is lost with half a year of them, "
        f"{lost_to_trend(365):.0%} with a year.",
    ]


def in_short(results: Sequence[tuple[Case, int, Tally]]) -> str:
    """The table of docs/alerts.md: what is found by volume, and in brackets what is possible."""
    volumes = sorted({volume for _, volume, _ in results})
    lines = [
        f"| planted | {' | '.join(f'{volume} tickets a team and day' for volume in volumes)} |",
        f"|---|{'--:|' * len(volumes)}",
    ]
    for case in CASES[1:]:
        cells = [
            f"{found.recall:.0%} ({found.ceiling:.0%})"
            for volume in volumes
            for each, at, found in results
            if each == case and at == volume
        ]
        lines.append(f"| {case.words} | {' | '.join(cells)} |")
    quiet = [found.false_periods / found.periods for case, _, found in results if not case.kind]
    lines += [
        "",
        f"Of the alerts {told(results):.1%} are true ({told(results, 'spike'):.1%} with spikes, {told(results, 'creep'):.1%} with creeps). With nothing to find, "
        f"{min(quiet):.1%} to {max(quiet):.1%} of the days and weeks have a false alert or note.",
    ]
    return "\n".join(lines)


def replace_figures(page: Path, figures: str) -> None:
    """Put the figures between the two marks of a page."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN_FIGURES)
    after = rest.split(END_FIGURES)[1]
    page.write_text(f"{before}{BEGIN_FIGURES}\n{figures}\n{END_FIGURES}{after}", encoding="utf-8")


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--operations", type=int, default=20, help="operations a line, each with five signals (20)"
    )
    parser.add_argument("--quiet", type=int, default=60, help="operations a volume with nothing planted (60)")
    parser.add_argument(
        "--volumes", type=int, nargs="+", default=[60, 200, 600], help="tickets a team and day"
    )
    parser.add_argument("--out", type=Path, default=HERE / "alerts.md", help="the page to write")
    parser.add_argument(
        "--docs",
        type=Path,
        default=PROJECT / "docs" / "alerts.md",
        help="the page whose short table to renew",
    )
    arguments = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        models = compiled_models(Path(folder))
    results = []
    for volume in arguments.volumes:
        for number, case in enumerate(CASES):
            count = arguments.operations if case.kind else arguments.quiet
            results.append((case, volume, measure(models, case, volume, count, 1000 * volume + number)))
            print(line(*results[-1]), file=sys.stderr, flush=True)
    crowd = [(size, crowd_of(models, size, 200, 77)) for size in (2.0, 3.0, 4.0)]
    arguments.out.write_text(report(results, crowd, time.monotonic() - begun), encoding="utf-8")
    if arguments.docs:
        replace_figures(arguments.docs, in_short(results))


if __name__ == "__main__":
    main()
