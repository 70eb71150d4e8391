"""Measure how well alerts find what is planted, through the models' own SQL.

Plants spikes and creeps of several sizes into many made-up operations (see planted.py), and nothing into as many others, runs the compiled
models of the alerts on their scorecards, and writes recall, precision, delay and false discoveries to alerts.md beside this file and,
in short, into docs/alerts.md:

    .venv/bin/python benchmarks/alerts.py [--operations 12] [--quiet 60] [--volumes 60 200 600]
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from planted import (
    DAY_SIGMA,
    DAYS,
    FIRST_JUDGED,
    JUDGED_WEEKS,
    RESOLUTION,
    TEAMS,
    TIME_SIGMA,
    WEEKS,
    Operation,
    Plant,
    day_of,
    draw_plants,
    member_of,
    operation_of,
)

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
MODELS = (
    "int_alert_series",
    "int_alert_points",
    "int_alert_points_cleaned",
    "int_alert_forecasts",
    "int_alert_climbs",
    "int_alert_scores",
    "int_alert_tests",
    "int_alert_changes",
)
SCORECARD = """
    create table marts.kpi_scorecard (
        kpi_key text, period_grain text, period_start date, dimension text, member_id text, value double, numerator double,
        sample_size bigint, interval_low double, interval_high double, is_suppressed boolean, is_complete_period boolean
    )
"""
FOUND = """
    select member_id, kpi_key, period_grain, period_start, kind, is_worse
    from intermediate.int_alert_changes
"""
TESTS = f"""
    select max(tests_count), count(*) filter (kpi_key <> 'tickets_created')
    from (
        select series.kpi_key, count(*) over (partition by scores.period_start) as tests_count, scores.period_start
        from intermediate.int_alert_scores as scores
        inner join intermediate.int_alert_series as series using (series_id)
        where scores.period_grain = 'day' and scores.sample_size >= 30
    )
    where (period_start - $1::date) % {7 * (WEEKS + 1)} >= $2
"""
WANTED_PRECISION = 0.95
CREEP = np.arange(1, 22)
"""Days of a creep of three weeks."""
BEGIN_FIGURES, END_FIGURES = "<!-- written by benchmarks/alerts.py -->", "<!-- end -->"
RESOLUTION_SET = frozenset(RESOLUTION)
LOOKS_BACK = 4
"""Days before its own that a run of days speaks of."""


def compiled_models(folder: Path) -> dict[str, str]:
    """The SQL of the models as dbt compiles it for DuckDB, name to text; dbt's own files go to the folder."""
    environment = {
        **os.environ,
        "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
        "SUPPORT_KPIS_WAREHOUSE_DIR": str(folder),
    }
    (folder / "build").mkdir(parents=True, exist_ok=True)
    command = [str(Path(sys.executable).with_name("dbt")), "compile", "--select", *MODELS]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), "--quiet"]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
    sql = folder / "target" / "compiled" / "support_kpis" / "models" / "intermediate" / "alerts"
    return {name: (sql / f"{name}.sql").read_text(encoding="utf-8") for name in MODELS}


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """An empty database in a folder; the compiled SQL names the database after its file."""
    return duckdb.connect(str(folder / "support_kpis.duckdb"))


@contextmanager
def judged(
    models: dict[str, str], scorecard: Iterator[dict[str, Any]]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which the models were run on a scorecard.

    Args:
        models: from compiled_models.
        scorecard: rows as planted.operation_of gives them.
    """
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as connection:
        connection.execute("set threads = 2; set memory_limit = '3GB'")
        for schema in ("marts", "reference", "intermediate"):
            connection.execute(f"create schema {schema}")
        definitions = PROJECT / "seeds" / "reference" / "kpi_definitions.csv"
        connection.execute(f"create table reference.kpi_definitions as from read_csv('{definitions}')")
        connection.execute(
            "create table intermediate.int_as_of as select timestamp '2900-01-01' as as_of, timestamp '2000-01-01' as first_instant"
        )
        connection.execute(SCORECARD)
        for part in scorecard:
            frame = pd.DataFrame(part)
            connection.register("part", frame)
            connection.execute(
                "insert into marts.kpi_scorecard select kpi_key, period_grain, period_start::date, dimension, member_id, value, numerator, "
                "sample_size, nullif(interval_low, 'nan'::double), nullif(interval_high, 'nan'::double), false, true from part"
            )
            connection.unregister("part")
        for name, sql in models.items():
            connection.execute(f"create table intermediate.{name} as {sql}")
        yield connection


@dataclass
class Tally:
    """What was found in a number of operations.

    Args:
        strengths: of every planted signal, what it adds up to in standard deviations (see planted.Operation).
        delays: of those found, days from the first day of the signal to the end of the first period that told of it.
        true_alerts, false_alerts: alerts (what is worse) that a signal explains, and that none does.
        echoes: alerts of a moved series in the four days after its signal, which speak of a run of days that contains it: neither true nor false.
        false_periods: judged periods with at least one alert or note that no signal explains.
        periods: judged periods.
        operations: how many there were.
        tests: series of days that were tested for being worse, over all judged days of all operations.
        most_tests: most tests that a period had.
    """

    strengths: list[float] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    true_alerts: int = 0
    false_alerts: int = 0
    echoes: int = 0
    false_periods: int = 0
    periods: int = 0
    operations: int = 0
    tests: int = 0
    most_tests: int = 0

    @property
    def recall(self) -> float:
        """Share of the signals that were found."""
        return len(self.delays) / len(self.strengths) if self.strengths else float("nan")

    @property
    def precision(self) -> float:
        """Share of the alerts that a signal explains."""
        told = self.true_alerts + self.false_alerts
        return self.true_alerts / told if told else float("nan")

    @property
    def ceiling(self) -> float:
        """The best recall of anyone who holds the wanted precision where signals are as rare as here.

        Such a one knows the level and the spread of every series and the shape and length of the signal, but not where it is: he tells of every series
        and day whose deviation is above one bound, the least at which the share of true ones is as wanted (every signal is told of once). A search
        over bounds, chance being normal.
        """
        if not self.strengths:
            return float("nan")
        bounds = np.arange(0.0, 6.0, 0.01)
        found = np.mean([upper_tail(bounds - strength) for strength in self.strengths], axis=0)
        false = upper_tail(bounds) * self.tests
        true = found * len(self.strengths)
        return float(np.max(found[true >= WANTED_PRECISION * (true + false)], initial=0.0))


def upper_tail(scores: Any) -> Any:
    """Probability that a standard normal variable exceeds each score."""
    return np.array([math.erfc(score / math.sqrt(2)) / 2 for score in scores])


def tally(connection: duckdb.DuckDBPyConnection, planted: Sequence[Operation]) -> Tally:
    """Count what the models found in operations with planted signals, in the judged weeks."""
    result = Tally(periods=len(planted) * JUDGED_WEEKS * 8, operations=len(planted))
    result.strengths = [strength for each in planted for strength in each.strengths.values()]
    false_periods: set[tuple[str, date]] = set()
    found: dict[tuple[int, Plant], int] = {}
    for member, key, grain, start, _, is_worse in connection.execute(FOUND).fetchall():
        operation = int(member[2:6])
        first = (start - day_of(operation, 0)).days
        if first < FIRST_JUDGED:
            continue
        last = first + (6 if grain == "week" else 0)
        plants = [plant for plant in planted[operation].strengths if concerns(plant, operation, member, key)]
        causes = [plant for plant in plants if explains(plant, first, last)]
        if not causes and any(grain == "day" and 0 < first - plant.last <= LOOKS_BACK for plant in plants):
            result.echoes += is_worse or False
            continue
        if not causes:
            false_periods.add((grain, start))
        if is_worse:
            result.true_alerts += bool(causes)
            result.false_alerts += not causes
        for plant in causes:
            if member == member_of(operation, plant.team) and first <= plant.last:
                delay = min(last, DAYS - 1) - plant.first
                found[operation, plant] = min(found.get((operation, plant), delay), delay)
    result.delays = list(found.values())
    result.false_periods = len(false_periods)
    result.most_tests, result.tests = connection.execute(TESTS, [day_of(0, 0), FIRST_JUDGED]).fetchone() or (
        0,
        0,
    )
    return result


def concerns(plant: Plant, operation: int, member: str, key: str) -> bool:
    """Whether a series is moved by a signal: its team or the whole, its KPI or one made of the same values."""
    same_values = key in plant.kpi_keys or (
        key in RESOLUTION and not RESOLUTION_SET.isdisjoint(plant.kpi_keys)
    )
    return same_values and member in (member_of(operation, plant.team), member_of(operation, -1))


def explains(plant: Plant, first: int, last: int) -> bool:
    """Whether the days of an alert are those of a signal. What a creep has reached stays, so it explains what comes after it too."""
    return last >= plant.first and (first <= plant.last or plant.kind == "creep")


@dataclass(frozen=True)
class Case:
    """One line of the page: what is planted into every team of every operation."""

    words: str
    kind: str | None
    size: float = 0.0
    days: int = 0
    kpis: int = 1


CASES = (
    Case("nothing", None),
    Case("spike of 3 sd, one day", "spike", 3, 1),
    Case("the same in three KPIs of a team", "spike", 3, 1, 3),
    Case("spike of 3 sd, three days", "spike", 3, 3),
    Case("spike of 3 sd, five days", "spike", 3, 5),
    Case("spike of 5 sd, one day", "spike", 5, 1),
    Case("spike of 5 sd, three days", "spike", 5, 3),
    Case("spike of 8 sd, one day", "spike", 8, 1),
    Case("creep of 0.5 % a day, three weeks", "creep", 0.005, 21),
    Case("creep of 1 % a day, three weeks", "creep", 0.01, 21),
    Case("creep of 2 % a day, three weeks", "creep", 0.02, 21),
)


def measure(models: dict[str, str], case: Case, volume: int, operations: int, seed: int) -> Tally:
    """Plant one case into every team of many operations, each a warehouse of its own with its own families of tests."""
    rng = np.random.default_rng(seed)
    made = []

    def scorecard() -> Iterator[dict[str, Any]]:
        for number in range(operations):
            plants = draw_plants(rng, case.kind, volume, case.size, case.days, case.kpis) if case.kind else []
            operation = operation_of(rng, number, volume, plants)
            yield {
                name: np.concatenate([part[name] for part in operation.rows]) for name in operation.rows[0]
            }
            operation.rows.clear()
            made.append(operation)

    with judged(models, scorecard()) as connection:
        return tally(connection, made)


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
        "series share the tests of a period. `sd` is the standard deviation of the member's daily noise, chance included; the planted days have chance on top. What a creep has "
        "reached stays.",
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
    """Share of true ones among the alerts of all lines with signals, or with those of one kind."""
    tallies = [found for case, _, found in results if case.kind and kind in (None, case.kind)]
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


def crowd_of(models: dict[str, str], size: float, members: int, seed: int) -> Tally:
    """One warehouse of many members with one share each, half of which have a spike of one day on the same Wednesday."""
    rng = np.random.default_rng(seed)
    day, spike = np.arange(DAYS), FIRST_JUDGED + 9
    trials = np.maximum(1, rng.poisson(400 * (1 + 0.3 * day / 365), (members, DAYS)))
    noise = np.sqrt(0.2 * 0.8 / trials)
    shares = np.full(trials.shape, 0.2)
    shares[: members // 2, spike] += size * noise[: members // 2, spike]
    hits = rng.binomial(trials, shares)

    def scorecard() -> Iterator[dict[str, Any]]:
        for member in range(members):
            value = hits[member] / trials[member]
            yield {
                "kpi_key": "escalation_rate",
                "period_grain": "day",
                "period_start": np.array(
                    [np.datetime64(day_of(0, at)) for at in range(DAYS)], dtype="datetime64[D]"
                ),
                "dimension": "team",
                "member_id": f"m{member:04d}",
                "value": value,
                "numerator": hits[member].astype(float),
                "sample_size": trials[member],
                "interval_low": value,
                "interval_high": value,
            }

    with judged(models, scorecard()) as connection:
        rows = connection.execute(
            "select member_id from intermediate.int_alert_changes where period_start = ?", [day_of(0, spike)]
        ).fetchall()
    found = {int(row[0][1:]) for row in rows}
    true = sum(member < members // 2 for member in found)
    return Tally(
        strengths=[size] * (members // 2),
        delays=[0] * true,
        true_alerts=true,
        false_alerts=len(found) - true,
    )


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
        "--operations", type=int, default=12, help="operations a line, each with five signals (12)"
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
