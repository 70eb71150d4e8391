"""Made-up support operations whose scorecard is known: stationary, or with one planted spike or creep.

Every operation has teams of one size and their sum, several KPIs (shares, means, medians, counts), a weekday pattern, growth, and days
that differ by more than chance. Times to resolution are drawn ticket by ticket, so their mean and median are as skewed as real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

Z = 1.959963984540054
TEAMS = 5
WEEKS = 28
DAYS = 7 * WEEKS
JUDGED_WEEKS = 6
FIRST_JUDGED = DAYS - 7 * JUDGED_WEEKS
WEEKDAYS = np.array([1.25, 1.2, 1.1, 1.05, 1.0, 0.7, 0.7])
BEGIN = date(2000, 1, 3)

SHARES = {
    # share, what one day differs from another by (relative standard deviation), observations a ticket
    "escalation_rate": (0.12, 0.05, 1.0),
    "reopen_rate": (0.08, 0.05, 0.9),
    "sla_attainment_first_response": (0.9, 0.005, 1.0),
    "csat_score": (0.82, 0.01, 0.35),
}
TIMES = ("resolution_minutes_mean", "resolution_minutes_median", "first_response_minutes_median")
COUNTS = ("tickets_created", "escalations")
KPIS = (*SHARES, *TIMES, *COUNTS)
TIME_SIGMA = 1.0
DAY_SIGMA = 0.04
"""Spread of the logarithm of a day's times and volumes beyond chance."""
GROWTH_A_YEAR = 0.3


@dataclass(frozen=True)
class Plant:
    """One planted signal.

    Args:
        kind: spike or creep.
        kpi_key: the KPI it is planted into.
        team: number of the team.
        first: first day, counted from the start of the operation.
        last: last day, inclusive.
        size: of a spike standard deviations of the member's daily noise, of a creep the growth a day.
    """

    kind: str
    kpi_key: str
    team: int
    first: int
    last: int
    size: float


def member_of(operation: int, team: int) -> str:
    """The id of a team, or of the whole (team -1), of one operation."""
    return f"op{operation:04d}-{'all' if team < 0 else f'team-{team}'}"


def day_of(operation: int, day: int) -> date:
    """The date of a day: operations follow each other, so that no two share a period and its family of tests."""
    return BEGIN + timedelta(days=7 * (operation * (WEEKS + 1)) + day)


def draw_plant(rng: np.random.Generator, kind: str, volume: int, size: float, days: int) -> Plant:
    """A signal at a random KPI, team and place among the judged days, where a day has a fair sample."""
    if kind == "spike":
        observed = {"escalations": 0.12, **{key: each for key, (_, _, each) in SHARES.items()}}
        fair = [key for key in KPIS if key != "tickets_created" and volume * observed.get(key, 1.0) >= 45]
        kpi = str(rng.choice(fair))
        first = int(rng.integers(FIRST_JUDGED, DAYS - days - 6))
    else:
        kpi = str(
            rng.choice(
                ["resolution_minutes_mean", "resolution_minutes_median", "first_response_minutes_median"]
            )
        )
        first = int(rng.integers(FIRST_JUDGED, DAYS - 21 + 1))
    return Plant(kind, kpi, int(rng.integers(0, TEAMS)), first, min(first + days, DAYS) - 1, size)


def rows_of(
    rng: np.random.Generator, operation: int, volume: int, plant: Plant | None
) -> Iterator[dict[str, Any]]:
    """The scorecard rows of one operation, days and weeks, as columns of arrays.

    Args:
        rng: source of chance.
        operation: its number.
        volume: tickets a team has on a mean day.
        plant: what to plant; None for an operation in which nothing happens.
    """
    day = np.arange(DAYS)
    expected = volume * WEEKDAYS[day % 7] / WEEKDAYS.mean() * (1 + GROWTH_A_YEAR * day / 365)
    expected = expected * np.exp(rng.normal(0, DAY_SIGMA, (TEAMS, DAYS)))
    tickets = np.maximum(1, rng.poisson(expected))
    yield from _counts(operation, "tickets_created", tickets)
    for key, (share, spread, each) in SHARES.items():
        trials = np.maximum(1, rng.poisson(tickets * each)) if each < 1 else tickets
        shares = np.clip(share * np.exp(rng.normal(0, spread, trials.shape)), 0.001, 0.999)
        noise = np.sqrt(share * (1 - share) / trials + (share * spread) ** 2)
        hits = rng.binomial(
            trials, np.clip(shares + _shift(plant, key, noise, down=share > 0.5), 0.0005, 0.9995)
        )
        yield from _shares(operation, key, hits, trials)
    usual = np.maximum(0.5, tickets * 0.12)
    more = _shift(plant, "escalations", np.sqrt(usual + (DAY_SIGMA * usual) ** 2))
    yield from _counts(
        operation, "escalations", rng.poisson(usual * np.exp(rng.normal(0, DAY_SIGMA, usual.shape)) + more)
    )
    yield from _times(
        rng, operation, ("resolution_minutes_mean", "resolution_minutes_median"), 600.0, tickets, plant
    )
    yield from _times(rng, operation, ("first_response_minutes_median",), 45.0, tickets, plant)


def _shift(plant: Plant | None, key: str, noise: Any, *, down: bool = False) -> Any:
    """What a plant adds to the expected value of each team and day."""
    shift = np.zeros_like(noise)
    if plant is not None and plant.kpi_key == key and plant.kind == "spike":
        span = slice(plant.first, plant.last + 1)
        shift[plant.team, span] = plant.size * noise[plant.team, span] * (-1 if down else 1)
    return shift


def _times(
    rng: np.random.Generator,
    operation: int,
    keys: tuple[str, ...],
    median: float,
    tickets: Any,
    plant: Plant | None,
) -> Iterator[dict[str, Any]]:
    factor = np.exp(rng.normal(0, DAY_SIGMA, tickets.shape))
    planted = plant if plant is not None and plant.kpi_key in keys else None
    if planted is not None and planted.kind == "creep":
        climb = np.arange(1, planted.last - planted.first + 2)
        factor[planted.team, planted.first : planted.last + 1] *= (1 + planted.size) ** climb
    elif planted is not None:
        span = slice(planted.first, planted.last + 1)
        # Relative noise of a day's figure: of the mean of lognormal times, or of their median.
        one = np.sqrt(np.exp(TIME_SIGMA**2) - 1) if planted.kpi_key.endswith("mean") else 1.2533 * TIME_SIGMA
        noise = np.sqrt(one**2 / tickets[planted.team, span] + DAY_SIGMA**2)
        factor[planted.team, span] *= 1 + planted.size * noise
    drawn = [
        [
            np.sort(median * factor[team, day] * np.exp(TIME_SIGMA * rng.standard_normal(tickets[team, day])))
            for day in range(DAYS)
        ]
        for team in range(TEAMS)
    ]
    for team in range(-1, TEAMS):
        days = (
            [np.concatenate([drawn[each][day] for each in range(TEAMS)]) for day in range(DAYS)]
            if team < 0
            else drawn[team]
        )
        for key in keys:
            yield _time_rows(operation, team, key, "day", days)
            yield _time_rows(
                operation, team, key, "week", [np.concatenate(days[at : at + 7]) for at in range(0, DAYS, 7)]
            )


def _time_rows(operation: int, team: int, key: str, grain: str, groups: list[Any]) -> dict[str, Any]:
    size = np.array([len(group) for group in groups])
    if key.endswith("mean"):
        value = np.array([group.mean() for group in groups])
        reach = (
            Z
            * np.array([group.std(ddof=1) if len(group) > 1 else np.nan for group in groups])
            / np.sqrt(size)
        )
        low, high = value - reach, value + reach
    else:
        groups = [np.sort(group) for group in groups]
        value = np.array([np.median(group) for group in groups])
        reach = Z * np.sqrt(size) / 2
        below = np.maximum(1, np.floor(size / 2 - reach)).astype(int)
        above = np.minimum(size, np.ceil(1 + size / 2 + reach)).astype(int)
        low = np.array([group[rank - 1] for group, rank in zip(groups, below, strict=True)])
        high = np.array([group[rank - 1] for group, rank in zip(groups, above, strict=True)])
    return _rows(operation, team, key, grain, value, value * size, size, low, high)


def _shares(operation: int, key: str, hits: Any, trials: Any) -> Iterator[dict[str, Any]]:
    for team, grain, (hit, trial) in _members_and_grains(hits, trials):
        share = hit / trial
        middle = (share + Z * Z / (2 * trial)) / (1 + Z * Z / trial)
        reach = Z * np.sqrt(share * (1 - share) / trial + Z * Z / (4 * trial * trial)) / (1 + Z * Z / trial)
        yield _rows(operation, team, key, grain, share, hit, trial, middle - reach, middle + reach)


def _counts(operation: int, key: str, counts: Any) -> Iterator[dict[str, Any]]:
    for team, grain, (count,) in _members_and_grains(counts):
        none = np.full(len(count), np.nan)
        yield _rows(operation, team, key, grain, count.astype(float), count, count, none, none)


def _members_and_grains(*tables: Any) -> Iterator[tuple[int, str, list[Any]]]:
    for team in range(-1, TEAMS):
        days = [table.sum(axis=0) if team < 0 else table[team] for table in tables]
        yield team, "day", days
        yield team, "week", [each.reshape(WEEKS, 7).sum(axis=1) for each in days]


def _rows(
    operation: int,
    team: int,
    key: str,
    grain: str,
    value: Any,
    numerator: Any,
    size: Any,
    low: Any,
    high: Any,
) -> dict[str, Any]:
    step = 1 if grain == "day" else 7
    count = len(value)
    return {
        "kpi_key": np.full(count, key),
        "period_grain": np.full(count, grain),
        "period_start": np.array(
            [np.datetime64(day_of(operation, at * step)) for at in range(count)], dtype="datetime64[D]"
        ),
        "dimension": np.full(count, "all" if team < 0 else "team"),
        "member_id": np.full(count, member_of(operation, team)),
        "value": np.asarray(value, dtype=float),
        "numerator": np.asarray(numerator, dtype=float),
        "sample_size": np.asarray(size, dtype=np.int64),
        "interval_low": np.asarray(low, dtype=float),
        "interval_high": np.asarray(high, dtype=float),
    }
