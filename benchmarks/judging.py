"""Judges made-up operations by the models' own SQL, and counts what was found and what was not there."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from planted import (
    DAYS,
    FIRST_JUDGED,
    JUDGED_WEEKS,
    RESOLUTION,
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
    "int_alert_members",
    "int_alert_incidents",
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
        connection.execute("create table intermediate.int_alert_holidays (closed_for text, holiday_on date)")
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
        is_placed: whether the signals have no chance on top.
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
    is_placed: bool = False
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
        found = np.mean(
            [
                bounds <= strength if self.is_placed else upper_tail(bounds - strength)
                for strength in self.strengths
            ],
            axis=0,
        )
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
    result.is_placed = any(plant.kind == "placed" for each in planted for plant in each.strengths)
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
    Case("a day exactly 3 sd off as drawn", "placed", 3, 1),
    Case("spike of 3 sd in three KPIs of a team, one day", "spike", 3, 1, 3),
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
