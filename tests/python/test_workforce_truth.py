"""Agents' days and causes of escalation in the sample's marts against accounts of their own.

Shifts and resolutions come from the simulator, which knows them; swamped days are worked out here anew, from
the published days and backlog, with the quantile of Python's own library.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import quantiles

import duckdb
import pytest

import conftest
from support_kpis.simulate.listings import listing_rows, make_rates
from support_kpis.simulate.world import build_world

TRUTH = conftest.PROJECT / "tests" / "data" / "sample_truth"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def marts(sample: conftest.Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published sample, read-only."""
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        yield connection


def truth(name: str) -> list[dict[str, str]]:
    """The rows of one file of the sample's truth."""
    with (TRUTH / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_shift_seconds_are_the_rosters(marts: duckdb.DuckDBPyConnection) -> None:
    world = build_world(tickets=3000, seed=7, months=15)
    end = datetime(2025, 3, 31, 23, 59, 59)
    expected: Counter[tuple[str, date]] = Counter()
    for _, agent, starts_text, ends_text in listing_rows(world, make_rates(world))["agent_shifts"]:
        at, ends = (datetime.fromisoformat(str(value)) for value in (starts_text, ends_text))
        ends = min(ends, end)
        while at < ends:
            midnight = datetime.combine(at.date() + DAY, datetime.min.time())
            expected[str(agent), at.date()] += int((min(ends, midnight) - at).total_seconds())
            at = midnight
    # The first day of the calendar is that of the data's first row.
    first = marts.execute("select min(date_day) from dim_dates").fetchone()
    assert first is not None
    found = {
        (agent, day): seconds
        for agent, day, seconds in marts.execute(
            "select agent_id, date_day, shift_seconds from fct_agent_days where shift_seconds > 0"
        ).fetchall()
    }
    assert len(found) > 9000
    assert found == {key: seconds for key, seconds in expected.items() if key[1] >= first[0]}


def test_resolutions_are_those_of_the_simulator(marts: duckdb.DuckDBPyConnection) -> None:
    bots = {
        str(row[0]) for row in marts.execute("select agent_id from dim_agents where role = 'bot'").fetchall()
    }
    expected = Counter(
        (row["resolution_agent_id"], date.fromisoformat(row["resolved_at"][:10]))
        for row in truth("tickets")
        if row["resolved_at"] and not row["exclusion_reason"] and row["resolution_agent_id"]
        if row["resolution_agent_id"] not in bots
    )
    found = {
        (agent, day): count
        for agent, day, count in marts.execute(
            "select agent_id, date_day, tickets_resolved_count from fct_agent_days "
            "where tickets_resolved_count > 0"
        ).fetchall()
    }
    assert len(found) > 1000
    assert found == expected


def test_planted_gaps_are_found_and_no_others(marts: duckdb.DuckDBPyConnection) -> None:
    planted = {row["member_id"] for row in truth("signals") if row["signal"] == "kb_gap"}
    assert planted
    gaps = marts.execute(
        "select topic_id, escalations_count from kpi_kb_gaps where not has_article order by gap_rank"
    ).fetchall()
    assert {topic for topic, _ in gaps} == planted
    counts = [count for _, count in gaps]
    assert counts == sorted(counts, reverse=True)
    of_topics = dict(
        marts.execute(
            "select ticket_id, topic_id from fct_tickets where topic_id in (select topic_id from dim_topics)"
        ).fetchall()
    )
    flagged = marts.execute("select ticket_id, is_kb_gap from fct_escalations where is_first").fetchall()
    assert len(flagged) > 200
    assert flagged == [
        (ticket, of_topics[ticket] in planted if ticket in of_topics else None) for ticket, _ in flagged
    ]


def test_swamped_days_worked_out_anew(marts: duckdb.DuckDBPyConnection) -> None:
    open_at_end: Counter[tuple[str, date]] = Counter()
    for team, day, count in marts.execute(
        "select team_id, date_day, closing_count from fct_backlog_daily where team_id is not null"
    ).fetchall():
        open_at_end[team, day] += count
    agents: Counter[tuple[str, date]] = Counter(
        marts.execute(
            "select team_id, date_day from fct_agent_days where shift_seconds > 0 and team_id is not null"
        ).fetchall()
    )
    data_begin = marts.execute("select cast(min(created_at) as date) from fct_tickets").fetchone()
    assert data_begin is not None
    loads: dict[str, dict[date, float]] = defaultdict(dict)
    for (team, day), on_shift in agents.items():
        if day > data_begin[0]:
            loads[team][day] = open_at_end[team, day - DAY] / on_shift

    def swamped(team: str | None, day: date) -> bool | None:
        of_team = loads.get(team or "", {})
        if day not in of_team or day - 28 * DAY < min(of_team):
            return None
        past = [of_team[day - back * DAY] for back in range(1, 29) if day - back * DAY in of_team]
        if len(past) < 7:
            return None
        return of_team[day] > quantiles(past, n=10, method="inclusive")[-1] + 1e-12

    escalations = marts.execute(
        "select from_team_id, cast(escalated_at as date), is_swamped from fct_escalations where is_first"
    ).fetchall()
    found = Counter(flag for _, _, flag in escalations)
    assert min(found[True], found[False], found[None]) > 10
    assert [flag for _, _, flag in escalations] == [swamped(team, day) for team, day, _ in escalations]
