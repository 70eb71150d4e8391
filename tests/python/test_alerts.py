"""Alerts on planted scorecards, through the models' own SQL: what is there is found, what is not is not."""

import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "benchmarks"))

from judging import CASES, compiled_models, judged, measure, opened
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
    ("misses", "run"),
    [
        ((3.0, 0.5), 0.0),  # today is no part of it
        ((2.0, 1.5), 3.5 / 1.436732),  # (2 + 1.5) / root(2 * (1 + 0.0320988)), more than 2
        ((4.0, 1.2), 0.0),  # (3.5 + 1.2) / 1.436732 = 3.27 adds nothing to 4
        ((5.0, 2.1), 5.6 / 1.436732),  # off by itself; the 5 counts as 3.5
        ((-2.0, -1.5), -3.5 / 1.436732),
        ((1.9,) * 5, 9.5 / 2.375284),  # root(5 * (1 + 4 * 0.0320988)); four of them are 3.63
        ((2.0, None, None, None, 1.5), 0.0),  # three days are missing between them
    ],
)
def test_a_run_is_as_strong_as_its_days_together(
    models: dict[str, str], tmp_path: Path, misses: tuple[float | None, ...], run: float
) -> None:
    # The level is a mean of 28 days, and that of the weekday of 13: days share (1/28) / (1 + 1/28 + 1/13) of
    # their variance, 0.0320988.
    forecasts = pd.DataFrame(
        {"miss": misses, "period_number": range(len(misses)), "spread_count": 10**9, "series_id": 1}
    ).dropna()
    forecasts = forecasts.assign(period_grain="day", period_start=day_of(0, 0), shape="points", is_mean=False)
    forecasts = forecasts.assign(sample_size=100, expected_level=0.5, size_ratio=1.0, persistence=0.0)
    forecasts = forecasts.assign(miss_variance=1.0, usual_chance_variance=1.0, chance_variance=1.0)
    with opened(tmp_path) as connection:
        connection.execute("create schema intermediate")
        connection.execute("create table intermediate.int_alert_forecasts as from forecasts")
        scores = f"select run_score from ({models['int_alert_scores']}) order by period_number desc"
        row = connection.execute(scores).fetchone()
    assert row is not None
    assert row[0] == pytest.approx(run, rel=1e-4)


def test_what_chance_gives_a_median_is_read_from_the_ranks_of_its_bounds(models: dict[str, str]) -> None:
    # Of 100 values, the bounds are the 40th and 61st: 21 ranks, where the median's own varies by 5.
    hits, trials = noise(9, size=100)
    rows = share_rows("median", hits, trials) | {
        "kpi_key": "resolution_minutes_median",
        "value": np.full(DAYS, 100.0),
        "interval_low": np.full(DAYS, 90.0),
        "interval_high": np.full(DAYS, 110.0),
    }
    with judged(models, iter([rows])) as connection:
        seen = connection.execute(
            "select distinct chance_variance from intermediate.int_alert_points"
        ).fetchall()
    assert seen == [(pytest.approx(100 * (math.log(110 / 90) * 5 / 21) ** 2),)]


def test_an_incident_in_three_kpis_is_told_though_none_is_sure(models: dict[str, str]) -> None:
    parts = []
    for number, key in enumerate(
        ("escalation_rate", "reopen_rate", "csat_score", "sla_attainment_first_response")
    ):
        for member in ("hit", "calm"):
            hits, trials = noise(20 + 2 * number + (member == "calm"))
            if member == "hit" and number < 3:
                # Three standard deviations of a share of a fifth in 400, to the side that is worse.
                hits[SPIKE] = 80 - 24 if key == "csat_score" else 80 + 24
            parts.append(share_rows(member, hits, trials) | {"kpi_key": key})
    assert {("hit", "spike", SPIKE), ("hit", "drop", SPIKE)} <= found(models, *parts)
    alone = [
        part
        for part in parts
        if part["member_id"] == "calm"
        or part["kpi_key"] in ("escalation_rate", "sla_attainment_first_response")
    ]
    assert ("hit", "spike", SPIKE) not in found(models, *alone)


@pytest.mark.parametrize(
    ("words", "recall", "precision"),
    [("spike of 3 sd, five days", 0.85, 0.9), ("creep of 1 % a day, three weeks", 0.75, 0.95)],
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
    spikes = {row[1]: float(row[2]) for row in rows if row[0] == "spike of 3 sd, five days"}
    assert min(found for volume, found in spikes.items() if int(volume) >= 200) >= 0.9
    creeps = {row[1]: float(row[2]) for row in rows if row[0].startswith("creep of 1 %")}
    assert creeps
    assert min(found for volume, found in creeps.items() if int(volume) >= 200) >= 0.9
    precision = re.search(r"alerts in all lines with signals ([0-9.]+)% are true", page)
    assert precision
    assert float(precision.group(1)) >= 95
