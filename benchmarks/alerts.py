"""Measure how well alerts find what is planted, through the models' own SQL.

Plants spikes and creeps of several sizes into many made-up operations (see planted.py), and nothing into as many others, runs the compiled
models of the alerts on their scorecards, and writes recall, precision, delay and false discoveries to alerts.md beside this file:

    .venv/bin/python benchmarks/alerts.py [--operations 40] [--volumes 60 200 600]
"""

from __future__ import annotations

import argparse
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
from planted import DAYS, FIRST_JUDGED, JUDGED_WEEKS, Plant, day_of, draw_plant, member_of, rows_of

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
SISTERS = ({"resolution_minutes_mean", "resolution_minutes_median"},)


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
        scorecard: rows as rows_of gives them.
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
        plants: signals planted.
        delays: of those found, days from the first day of the signal to the end of the first period that told of it.
        true_rows, false_rows: alerts that a plant explains, and that none does.
        false_periods: judged periods with at least one of the latter.
        periods: judged periods.
        tests: most tests that a period had.
    """

    plants: int = 0
    delays: list[int] = field(default_factory=list)
    true_rows: int = 0
    false_rows: int = 0
    false_periods: int = 0
    periods: int = 0
    tests: int = 0

    @property
    def recall(self) -> float:
        """Share of the plants that were found."""
        return len(self.delays) / self.plants if self.plants else float("nan")

    @property
    def precision(self) -> float:
        """Share of the alerts that a plant explains."""
        told = self.true_rows + self.false_rows
        return self.true_rows / told if told else float("nan")


def tally(connection: duckdb.DuckDBPyConnection, plants: Sequence[Plant | None]) -> Tally:
    """Count what the models found in operations with the given plants, in the judged weeks."""
    result = Tally(plants=sum(plant is not None for plant in plants), periods=len(plants) * JUDGED_WEEKS * 8)
    false_periods: set[tuple[str, date]] = set()
    found: dict[int, int] = {}
    for member, key, grain, start, _, _ in connection.execute(FOUND).fetchall():
        operation = int(member[2:6])
        first = (start - day_of(operation, 0)).days
        if first < FIRST_JUDGED:
            continue
        last = first + (6 if grain == "week" else 0)
        plant = plants[operation]
        if plant is not None and explains(plant, operation, member, key, first, last):
            result.true_rows += 1
            if member == member_of(operation, plant.team) and key == plant.kpi_key:
                delay = min(last, DAYS - 1) - plant.first
                found[operation] = min(found.get(operation, delay), delay)
        else:
            result.false_rows += 1
            false_periods.add((grain, start))
    result.delays = list(found.values())
    result.false_periods = len(false_periods)
    row = connection.execute("select max(tests_count) from intermediate.int_alert_tests").fetchone()
    result.tests = int(row[0] or 0) if row else 0
    return result


def explains(plant: Plant, operation: int, member: str, key: str, first: int, last: int) -> bool:
    """Whether a plant makes an alert a true one: its team or the whole, its KPI or one made of the same values, its days."""
    same_values = key == plant.kpi_key or any({key, plant.kpi_key} <= sisters for sisters in SISTERS)
    within = last >= plant.first and first <= plant.last
    return member in (member_of(operation, plant.team), member_of(operation, -1)) and same_values and within


@dataclass(frozen=True)
class Case:
    """One line of the page: what is planted into every operation."""

    words: str
    kind: str | None
    size: float = 0.0
    days: int = 0


CASES = (
    Case("nothing", None),
    Case("spike of 3 sd, one day", "spike", 3, 1),
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
    """Plant one case into many operations, each a warehouse of its own with its own families of tests."""
    rng = np.random.default_rng(seed)
    plants = [
        draw_plant(rng, case.kind, volume, case.size, case.days) if case.kind else None
        for _ in range(operations)
    ]

    def scorecard() -> Iterator[dict[str, Any]]:
        for operation, plant in enumerate(plants):
            parts = list(rows_of(rng, operation, volume, plant))
            yield {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    with judged(models, scorecard()) as connection:
        return tally(connection, plants)


def share(value: float) -> str:
    """A share for the table; a dash where there is none."""
    return "-" if value != value else f"{value:.2f}"


def line(case: Case, volume: int, found: Tally) -> str:
    """One row of the table."""
    delay = f"{np.median(found.delays):.0f}" if found.delays else "-"
    false = f"{100 * found.false_periods / found.periods:.1f} %"
    recall, precision = (share(found.recall), share(found.precision)) if case.kind else ("-", "-")
    return f"| {case.words} | {volume} | {recall} | {delay} | {precision} | {false} |"


def report(
    results: list[tuple[Case, int, Tally]], crowd: list[tuple[float, Tally]], operations: int, seconds: float
) -> str:
    """The page of figures."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    tests = max(found.tests for _, _, found in results)
    planted = [found for case, _, found in results if case.kind]
    told = sum(found.true_rows for found in planted), sum(found.false_rows for found in planted)
    lines = [
        "# How well alerts find what is planted",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `benchmarks/alerts.py` in {seconds / 60:.0f} min, with {os.cpu_count()} cores and {gib:.1f} GiB of memory; "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}.",
        "",
        f"Each line: {operations} made-up operations of five teams with {DAYS // 7} weeks of history, nine KPIs, weekday pattern, growth of 30 % a year, and days that differ by "
        f"4 to 5 % beyond chance. In each, one signal in one team and KPI within the last {JUDGED_WEEKS} weeks, or none. The models are the project's own, as dbt compiles them; "
        f"up to {tests} series share the tests of a period. `sd` is the standard deviation of the member's daily noise, chance included; the planted days have chance on top.",
        "",
        "Found: an alert of that team and KPI in a period that touches the signal. Delay: median days from the first day of the signal to the end of the period that first "
        "told of it. Precision: the share of all alerts and notes of the judged weeks that the one signal explains, so that it falls as signals get rarer or weaker. False "
        "periods: days and weeks with at least one alert or note that no signal explains.",
        "",
        "| planted | tickets a team and day | found | delay, days | precision | false periods |",
        "|---|--:|--:|--:|--:|--:|",
        *(line(case, volume, found) for case, volume, found in results),
        "",
        f"Over all lines with signals, {told[0]:,} of {told[0] + told[1]:,} alerts are true: precision {told[0] / max(1, sum(told)):.2f}.",
        "",
        "## Many members at once",
        "",
        "The same test where every operation is one member of a single warehouse, and half of them have the spike on the same day: the more there is to find, the less it takes.",
        "",
        "| spike of one day | found | precision |",
        "|---|--:|--:|",
        *(f"| {size:g} sd | {share(found.recall)} | {share(found.precision)} |" for size, found in crowd),
        "",
        "## What this says",
        "",
        "- A single day of three standard deviations cannot be told from chance among a hundred tests: chance gives one of that size every week. It is found where it lasts "
        "for several days, where it shows in several KPIs or members, or where few series are judged.",
        "- A creep is found by what it adds up to, so the number of tickets decides: the more there are, the smaller the noise of a day against 1 %.",
        "- With nothing to find, less than one period in twenty has a false discovery.",
        "- Wanted are a precision of 0.95, nine in ten spikes of 3 sd and creeps of 1 % a day within three weeks, and at most one false period in twenty where there is nothing. The last holds everywhere; the others hold where the table says so, and not for a single day of 3 sd, for few tickets, nor for precision in every line.",
    ]
    return "\n".join(lines) + "\n"


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
    return Tally(plants=members // 2, delays=[0] * true, true_rows=true, false_rows=len(found) - true)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--operations", type=int, default=40, help="operations a line (40)")
    parser.add_argument(
        "--volumes", type=int, nargs="+", default=[60, 200, 600], help="tickets a team and day"
    )
    parser.add_argument("--out", type=Path, default=HERE / "alerts.md", help="the page to write")
    arguments = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        models = compiled_models(Path(folder))
    results = []
    for volume in arguments.volumes:
        for number, case in enumerate(CASES):
            results.append(
                (case, volume, measure(models, case, volume, arguments.operations, 1000 * volume + number))
            )
            print(line(*results[-1]), file=sys.stderr, flush=True)
    crowd = [(size, crowd_of(models, size, 200, 77)) for size in (2.0, 3.0, 4.0)]
    arguments.out.write_text(
        report(results, crowd, arguments.operations, time.monotonic() - begun), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
