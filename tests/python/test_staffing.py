"""The staffing table of the sample worked out anew, in exact fractions, from the published facts."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, exp, floor, isclose
from zoneinfo import ZoneInfo

import duckdb
import pytest

import conftest

SEEDS = conftest.PROJECT / "seeds"
AS_OF = datetime(2025, 3, 31, 23, 59, 59)
WINDOW = timedelta(days=91)


@pytest.fixture(scope="module")
def marts(sample: conftest.Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published sample, read-only."""
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        yield connection


def waiting_share(agents: int, load: Fraction) -> Fraction:
    """Erlang C by way of the recursion of Erlang B (Kleinrock, Queueing Systems 1, section 3.5).

    Args:
        agents: how many people serve the line; more than the load.
        load: offered load in erlangs.
    """
    blocked = Fraction(1)
    for count in range(1, agents + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))


def service_level(agents: int, load: Fraction, handle: float, target: float) -> float:
    """The share of contacts answered within the target, in seconds like the handle time."""
    if agents <= load:
        return 0.0
    return 1 - float(waiting_share(agents, load)) * exp(-float(agents - load) * target / handle)


def targets() -> dict[str, dict[str, str]]:
    with (SEEDS / "reference" / "staffing_targets.csv").open(encoding="utf-8", newline="") as file:
        return {row["channel"]: row for row in csv.DictReader(file)}


def zones(marts: duckdb.DuckDBPyConnection) -> dict[str, ZoneInfo]:
    """The clock of each team, from the raw schedules of the sample."""
    with (SEEDS / "sample" / "raw_schedules.csv").open(encoding="utf-8", newline="") as file:
        known = {
            row["schedule_id"]: row["time_zone"]
            for row in csv.DictReader(file)
            if row["schedule_id"]
            and not row["time_zone"].startswith("Atlantis")
            and "(was)" not in row["name"]
        }
    teams = marts.execute("select team_id, schedule_id from dim_teams").fetchall()
    return {team: ZoneInfo(known.get(schedule, "UTC")) for team, schedule in teams}


def test_erlang_c_agrees_with_its_closed_forms() -> None:
    assert waiting_share(1, Fraction(1, 2)) == Fraction(1, 2)
    assert waiting_share(2, Fraction(1)) == Fraction(1, 3)
    assert isclose(waiting_share(14, Fraction(10)), 0.1741319, abs_tol=1e-7)


def test_arrivals_are_the_contacts_of_the_last_thirteen_weeks(marts: duckdb.DuckDBPyConnection) -> None:
    clocks = zones(marts)
    expected: Counter[tuple[str, str]] = Counter()
    for team, channel, started_at in marts.execute(
        "select team_id, channel, started_at from fct_interactions"
        " where direction = 'inbound' and channel in ('phone', 'email')"
    ).fetchall():
        clock = clocks.get(team, ZoneInfo("UTC"))
        today = AS_OF.replace(tzinfo=ZoneInfo("UTC")).astimezone(clock).date()
        day = started_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(clock).date()
        if today - WINDOW <= day < today:
            expected[team if team in clocks else "unknown", channel] += 1
    found = {
        (team, channel): count
        for team, channel, count in marts.execute(
            "select team_id, channel, sum(arrivals_count) from kpi_staffing "
            "where channel in ('phone', 'email') group by all"
        ).fetchall()
    }
    assert sum(found.values()) > 300
    # A bot answers no e-mail and no call in the sample, so every inbound one wants a person.
    assert found == expected


def test_shift_hours_add_up_to_the_days_of_agents(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        marts.execute(
            "select team_id, sum(hours) from (select distinct team_id, hour_of_week, "
            "agents_on_shift * days_count as hours from kpi_staffing) group by all"
        ).fetchall()
    )
    expected = dict(
        marts.execute(
            "select team_id, sum(shift_seconds) / 3600 from fct_agent_days "
            "where date_day between date '2024-12-30' and date '2025-03-30' group by all"
        ).fetchall()
    )
    checked = [team for team, hours in found.items() if hours and team in expected]
    assert len(checked) > 8
    for team in checked:
        # A night shift may hang over either end of the window by the team's own clock.
        assert abs(found[team] - expected[team]) <= 16, team


def test_needs_and_service_levels_are_those_of_erlang_c(marts: duckdb.DuckDBPyConnection) -> None:
    wanted = targets()
    pools: dict[tuple[str, int], float] = defaultdict(float)
    rows = marts.execute(
        "select team_id, channel, hour_of_week, arrivals_count, days_count, handle_seconds, agents_on_shift, "
        "agents_needed, expected_service_level from kpi_staffing"
    ).fetchall()
    for team, channel, hour, arrivals, days, handle, *_ in rows:
        if channel in wanted and handle:
            pools[team, hour] += arrivals / days * handle / 3600
    compared = 0
    for team, channel, hour, arrivals, days, handle, on_shift, needed, level in rows:
        if arrivals == 0:
            assert needed == 0 and level is None
            continue
        if handle is None:
            assert needed is None and level is None
            continue
        target = wanted.get(channel, wanted[""])
        load = arrivals / days * handle / 3600
        if target["method"] == "workload":
            assert needed == ceil(load / float(target["maximum_occupancy"]) - 1e-9) and level is None
            continue
        exact, seconds = Fraction(load), float(target["target_seconds"])
        fewest = floor(load) + 1
        while service_level(fewest, exact, handle, seconds) < float(target["target_share"]):
            fewest += 1
        assert needed == fewest
        if on_shift is None:
            assert level is None
            continue
        there = on_shift * load / pools[team, hour]
        below = service_level(floor(there), exact, handle, seconds)
        above = service_level(ceil(there), exact, handle, seconds)
        assert level == pytest.approx(below + (there - floor(there)) * (above - below), abs=1e-7)
        compared += 1
    assert compared > 150
