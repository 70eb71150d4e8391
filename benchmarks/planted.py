"""Made-up support operations whose scorecard is known: stationary, or with a planted spike or creep in every team.

Every operation has teams of one size and their sum, several KPIs (shares, means, medians, counts), a weekday pattern, growth, and days
that differ by more than chance. Times to resolution are drawn ticket by ticket, so their mean and median are as skewed as real ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
RESOLUTION = ("resolution_minutes_mean", "resolution_minutes_median")
TIMES = (*RESOLUTION, "first_response_minutes_median")
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
        kind: spike, which has chance on top; placed, a spike of which the value itself lies so far off, without chance; or creep.
        kpi_keys: the KPIs it is planted into; two that are made of the same values are both moved where one is named.
        team: number of the team.
        first: first day, counted from the start of the operation.
        last: last day, inclusive. A spike is over then; what a creep has reached by then stays, because nobody mended it.
        size: of a spike standard deviations of the member's daily noise, of a creep the growth a day.
    """

    kind: str
    kpi_keys: tuple[str, ...]
    team: int
    first: int
    last: int
    size: float


@dataclass
class Operation:
    """One made-up operation.

    Args:
        rows: its scorecard rows, days and weeks, as columns of arrays.
        strengths: by planted signal, how many standard deviations it adds up to for one who knows what each of its days should have been and how they vary.
    """

    rows: list[dict[str, Any]]
    strengths: dict[Plant, float]


def member_of(operation: int, team: int) -> str:
    """The id of a team, or of the whole (team -1), of one operation."""
    return f"op{operation:04d}-{'all' if team < 0 else f'team-{team}'}"


def day_of(operation: int, day: int) -> date:
    """The date of a day: operations follow each other, so that no two share a period and its family of tests."""
    return BEGIN + timedelta(days=7 * (operation * (WEEKS + 1)) + day)


def draw_plants(
    rng: np.random.Generator, kind: str, volume: int, size: float, days: int, kpis: int
) -> list[Plant]:
    """A signal for every team at random KPIs and a random place among the judged days, where a day has a fair sample."""
    observed = {"escalations": 0.12, **{key: each for key, (_, _, each) in SHARES.items()}}
    fair = [key for key in KPIS if key != "tickets_created" and volume * observed.get(key, 1.0) >= 45]
    plants = []
    for team in range(TEAMS):
        if kind == "creep":
            keys = [str(rng.choice(TIMES))]
            first = int(rng.integers(FIRST_JUDGED, DAYS - days + 1))
        else:
            # Of KPIs that are made of the same values, one.
            choice = [key for key in fair if kpis == 1 or key != "resolution_minutes_mean"]
            keys = [str(key) for key in rng.choice(choice, kpis, replace=False)]
            first = int(rng.integers(FIRST_JUDGED, DAYS - days - 6))
        plants.append(Plant(kind, tuple(keys), team, first, first + days - 1, size))
    return plants


def operation_of(rng: np.random.Generator, operation: int, volume: int, plants: Sequence[Plant]) -> Operation:
    """Make up one operation.

    Args:
        rng: source of chance.
        operation: its number.
        volume: tickets a team has on a mean day.
        plants: what to plant, one a team; none for an operation in which nothing happens.
    """
    made = Operation([], dict.fromkeys(plants, 0.0))
    day = np.arange(DAYS)
    expected = volume * WEEKDAYS[day % 7] / WEEKDAYS.mean() * (1 + GROWTH_A_YEAR * day / 365)
    expected = expected * np.exp(rng.normal(0, DAY_SIGMA, (TEAMS, DAYS)))
    tickets = np.maximum(1, rng.poisson(expected))
    made.rows.extend(_counts(operation, "tickets_created", tickets))
    for key, (share, spread, each) in SHARES.items():
        trials = np.maximum(1, rng.poisson(tickets * each)) if each < 1 else tickets
        shares = np.clip(share * np.exp(rng.normal(0, spread, trials.shape)), 0.001, 0.999)
        noise = np.sqrt(share * (1 - share) / trials + (share * spread) ** 2)
        for plant in _spikes(made, key):
            at = _days(plant)
            moved = plant.size * noise[at] * (-1 if share > 0.5 else 1)
            shares[at] += moved
            beyond_chance = trials[at] * noise[at] ** 2 / (share * (1 - share))
            _add(
                made,
                plant,
                2 * trials[at] * _divergence(np.clip(share + moved, 0.0005, 0.9995), share) / beyond_chance,
            )
        hits = rng.binomial(trials, np.clip(shares, 0.0005, 0.9995))
        for plant in _spikes(made, key, "placed"):
            at = _days(plant)
            hits[at] = np.rint(trials[at] * (share + plant.size * noise[at] * (-1 if share > 0.5 else 1)))
        made.rows.extend(_shares(operation, key, hits, trials))
    usual = np.maximum(0.5, tickets * 0.12)
    # What escalations differ by from day to day: chance, and the tickets they come from, which differ by chance and more themselves.
    noise = np.sqrt(usual + usual**2 * (2 * DAY_SIGMA**2 + 1 / tickets))
    counts = usual * np.exp(rng.normal(0, DAY_SIGMA, usual.shape))
    for plant in _spikes(made, "escalations"):
        at = _days(plant)
        if plant.kind == "placed":
            counts[at] = usual[at]
        counts[at] += plant.size * noise[at]
        more = usual[at] + plant.size * noise[at]
        _add(
            made,
            plant,
            2 * (more * np.log(more / usual[at]) - (more - usual[at])) * usual[at] / noise[at] ** 2,
        )
    escalations = rng.poisson(counts)
    for plant in _spikes(made, "escalations", "placed"):
        escalations[_days(plant)] = np.rint(counts[_days(plant)])
    made.rows.extend(_counts(operation, "escalations", escalations))
    made.rows.extend(_times(rng, operation, RESOLUTION, 600.0, tickets, made))
    made.rows.extend(_times(rng, operation, ("first_response_minutes_median",), 45.0, tickets, made))
    made.strengths = {plant: float(np.sqrt(square)) for plant, square in made.strengths.items()}
    return made


def _spikes(made: Operation, key: str, *kinds: str) -> list[Plant]:
    """The spikes of a KPI, those placed too, or those of some kinds."""
    return [
        plant
        for plant in made.strengths
        if plant.kind in (kinds or ("spike", "placed")) and key in plant.kpi_keys
    ]


def _days(plant: Plant) -> tuple[int, slice]:
    """Where a signal lies in a table of teams and days."""
    return plant.team, slice(plant.first, plant.last + 1)


def _add(made: Operation, plant: Plant, squares: Any) -> None:
    """Add the squared deviations of a signal's days to its strength."""
    made.strengths[plant] += float(np.sum(squares))


def _divergence(share: Any, expected: float) -> Any:
    """What one observation tells against the expected share where another holds, in units of half a squared deviation."""
    return share * np.log(share / expected) + (1 - share) * np.log((1 - share) / (1 - expected))


def _times(
    rng: np.random.Generator,
    operation: int,
    keys: tuple[str, ...],
    median: float,
    tickets: Any,
    made: Operation,
) -> Iterator[dict[str, Any]]:
    logarithm = rng.normal(0, DAY_SIGMA, tickets.shape)
    placed: dict[Plant, Any] = {}
    for plant in made.strengths:
        key = next((key for key in plant.kpi_keys if key in keys), None)
        if key is None:
            continue
        span = slice(plant.first, plant.last + 1)
        # Relative noise of a day's figure: of the mean of lognormal times, or of their median.
        one = np.sqrt(np.exp(TIME_SIGMA**2) - 1) if key.endswith("mean") else 1.2533 * TIME_SIGMA
        noise = np.sqrt(one**2 / tickets[plant.team, span] + DAY_SIGMA**2)
        if plant.kind == "creep":
            moved = np.arange(1, plant.last - plant.first + 2) * np.log1p(plant.size)
            logarithm[plant.team, plant.last + 1 :] += moved[-1]
        else:
            moved = np.log1p(plant.size * noise)
        if plant.kind == "placed":
            placed[plant] = np.exp(moved)
        logarithm[plant.team, span] += moved
        _add(made, plant, (moved / noise) ** 2)
    factor = np.exp(logarithm)
    drawn = [
        [
            median * factor[team, day] * np.exp(TIME_SIGMA * rng.standard_normal(tickets[team, day]))
            for day in range(DAYS)
        ]
        for team in range(TEAMS)
    ]
    for plant in made.strengths:
        key = next((key for key in plant.kpi_keys if key in keys), None)
        if key is not None and plant.kind == "placed":
            for day in range(plant.first, plant.last + 1):
                times = drawn[plant.team][day]
                usual = median * np.exp(TIME_SIGMA**2 / 2) if key.endswith("mean") else median
                times *= (
                    usual
                    * placed[plant][day - plant.first]
                    / (times.mean() if key.endswith("mean") else np.median(times))
                )
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
