"""Alerts on planted scorecards, through the models' own SQL: what is there is found, what is not is not."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "benchmarks"))

from judging import CASES, compiled_models, judged, measure
from planted import day_of

DAYS = 140
SPIKE = 130


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The models' SQL as dbt compiles it."""
    return compiled_models(tmp_path_factory.mktemp("compiled"))


def share_rows(member: str, hits: Any, trials: Any, days: Any = None) -> dict[str, Any]:
    """Scorecard rows of one team's escalation rate by day."""
    at = np.arange(len(hits)) if days is None else days
    return {
        "kpi_key": "escalation_rate",
        "period_grain": "day",
        "period_start": np.array([np.datetime64(day_of(0, int(day))) for day in at], dtype="datetime64[D]"),
        "dimension": "team",
        "member_id": member,
        "value": hits / trials,
        "numerator": np.asarray(hits, dtype=float),
        "sample_size": np.asarray(trials),
        "interval_low": np.full(len(hits), np.nan),
        "interval_high": np.full(len(hits), np.nan),
    }


def found(models: dict[str, str], *parts: dict[str, Any]) -> set[tuple[str, str, int]]:
    """Member, kind and day of every change that the models tell of."""
    with judged(models, iter(parts)) as connection:
        rows = connection.execute(
            "select member_id, kind, period_start from intermediate.int_alert_changes"
        ).fetchall()
    return {(member, kind, (start - day_of(0, 0)).days) for member, kind, start in rows}


def noise(seed: int, share: float = 0.2, size: int = 400) -> tuple[Any, Any]:
    trials = np.full(DAYS, size)
    return np.random.default_rng(seed).binomial(trials, share), trials


def test_a_spike_is_found_on_its_day_although_a_greater_one_came_before(models: dict[str, str]) -> None:
    hits, trials = noise(1)
    hits[SPIKE] = 150
    before = hits.copy()
    before[[20, 75, SPIKE - 7]] = 390
    told = found(models, share_rows("plain", hits, trials), share_rows("after", before, trials))
    assert {("plain", "spike", SPIKE), ("after", "spike", SPIKE), ("after", "spike", 75)} <= told
    # Neither a spike nor the return from it sounds again on the days after.
    assert not {each for each in told if each[2] > SPIKE and each[1] != "creep"}


def test_a_weekday_pattern_and_steady_growth_are_no_alerts(models: dict[str, str]) -> None:
    day = np.arange(DAYS)
    trials = (300 * (1 + 0.004 * day) * np.where(day % 7 >= 5, 0.3, 1.0)).astype(int)
    rng = np.random.default_rng(2)
    weekly = rng.binomial(trials, np.where(day % 7 >= 5, 0.4, 0.1))
    growing = share_rows("growing", rng.poisson(trials).astype(float), np.ones(DAYS)) | {
        "kpi_key": "tickets_created"
    }
    growing["sample_size"] = growing["value"].astype(int)
    assert found(models, share_rows("weekly", weekly, trials), growing) == set()


def test_no_variation_gaps_and_a_short_past_are_borne(models: dict[str, str]) -> None:
    hits, trials = noise(3)
    hits[50] = 399
    always = share_rows("always", trials, trials)
    never = share_rows("never", 0 * trials, trials)
    flat = share_rows("flat", trials, trials) | {"kpi_key": "csat_mean", "value": np.full(DAYS, 4.0)}
    flat |= {"interval_low": np.full(DAYS, 4.0), "interval_high": np.full(DAYS, 4.0)}
    short = share_rows("short", hits[:51], trials[:51])
    kept = np.flatnonzero(np.random.default_rng(4).random(DAYS) < 0.4)
    gaps = share_rows("gaps", noise(5)[0][kept], trials[kept], kept)
    assert found(models, always, never, flat, short, gaps) == set()


def test_a_rare_event_that_never_came_is_found_when_it_comes_often(models: dict[str, str]) -> None:
    trials = np.full(DAYS, 100)
    hits = np.zeros(DAYS, dtype=int)
    hits[SPIKE] = 10
    once = np.zeros(DAYS, dtype=int)
    once[SPIKE] = 1
    told = found(models, share_rows("often", hits, trials), share_rows("once", once, trials))
    assert ("often", "spike", SPIKE) in told
    assert not {each for each in told if each[0] == "once"}


def test_small_samples_are_never_told(models: dict[str, str]) -> None:
    hits, trials = noise(6, size=60)
    trials[SPIKE], hits[SPIKE] = 29, 29
    assert ("small", "spike", SPIKE) not in found(models, share_rows("small", hits, trials))
    trials[SPIKE], hits[SPIKE] = 30, 30
    assert ("small", "spike", SPIKE) in found(models, share_rows("small", hits, trials))


@pytest.mark.parametrize(
    ("words", "recall", "precision"),
    [("spike of 3 sd, five days", 0.75, 0.9), ("creep of 1 % a day, three weeks", 0.75, 0.95)],
)
def test_what_is_planted_is_found_and_little_else(
    models: dict[str, str], words: str, recall: float, precision: float
) -> None:
    case = next(case for case in CASES if case.words == words)
    result = measure(models, case, volume=200, operations=4, seed=11)
    assert len(result.strengths) == 20
    assert result.recall >= recall
    assert result.precision >= precision
    assert max(result.delays) <= case.days + 5


def test_nothing_is_found_in_nothing(models: dict[str, str]) -> None:
    nothing = measure(models, CASES[0], volume=100, operations=10, seed=12)
    assert nothing.false_periods <= 0.02 * nothing.periods


def test_the_order_of_the_rows_does_not_show(models: dict[str, str]) -> None:
    hits, trials = noise(7)
    hits[SPIKE] = 160
    rows = share_rows("one", hits, trials)
    order = np.random.default_rng(8).permutation(DAYS)
    shuffled = {
        name: values[order] if isinstance(values, np.ndarray) else values for name, values in rows.items()
    }

    def figures(part: dict[str, Any]) -> list[tuple[Any, ...]]:
        def parts() -> Iterator[dict[str, Any]]:
            yield part

        with judged(models, parts()) as connection:
            return connection.execute("from intermediate.int_alert_scores order by all").fetchall()

    assert figures(rows) == figures(shuffled)


def test_the_page_of_figures_says_what_the_project_promises() -> None:
    page = Path(PROJECT / "benchmarks" / "alerts.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("|")
    ]
    quiet = [float(row[-1].removesuffix(" %")) for row in rows if row[0] == "nothing"]
    assert quiet
    assert max(quiet) <= 5
    creeps = {row[1]: float(row[2]) for row in rows if row[0].startswith("creep of 1 %")}
    assert creeps
    assert min(found for volume, found in creeps.items() if int(volume) >= 200) >= 0.9
    precision = re.search(r"alerts in all lines with signals ([0-9.]+)% are true", page)
    assert precision
    assert float(precision.group(1)) >= 95
