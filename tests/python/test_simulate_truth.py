"""The truth of a simulation holds together: durations, spans, windows and their ends, planted signals."""

import csv
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import PROJECT
from support_kpis.simulate import listings as lists
from support_kpis.simulate.calendar import DAY, END
from support_kpis.simulate.chunk import Chunk, make_chunk
from support_kpis.simulate.persons import name_of
from support_kpis.simulate.sample import SEEDS, TRUTHS
from support_kpis.simulate.tables import RAW, TRUTH
from support_kpis.simulate.world import build_world

Rows = list[dict[str, str]]


def sample(name: str) -> Rows:
    with (PROJECT / TRUTHS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seeds(name: str) -> Rows:
    with (PROJECT / SEEDS / f"raw_{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(chunk: Chunk, name: str) -> list[dict[str, object]]:
    return [dict(zip(TRUTH[name].columns, row, strict=True)) for row in chunk.truth[name]]


@settings(max_examples=15)
@given(
    seed=st.integers(0, 10**6), size=st.integers(1, 400), months=st.integers(1, 40), number=st.integers(0, 3)
)
def test_truth_holds_together(seed: int, size: int, months: int, number: int) -> None:
    world = build_world(4_000, seed, months)
    chunk = make_chunk(world, lists.make_rates(world), number, size)
    assert len(chunk.raw["tickets"]) == len(chunk.truth["tickets"]) == size
    spans: dict[object, list[dict[str, object]]] = {}
    for span in table(chunk, "status_spans"):
        spans.setdefault(span["ticket_id"], []).append(span)
    always_open = [team for team in world.teams if world.teams[team].schedule == "sch-always"]
    for t in table(chunk, "tickets"):
        if t["exclusion_reason"] is not None:
            assert (t["survivor_ticket_id"] is not None) == (t["exclusion_reason"] == "merged")
            assert t["created_at"] is None
            continue
        check_ticket(t, spans.get(t["ticket_id"], []), always_open)
    for e in table(chunk, "escalations"):
        assert e["from_tier"] is None or e["to_tier"] is None or e["from_tier"] <= e["to_tier"]  # type: ignore[operator]
    for contact in table(chunk, "interactions"):
        assert contact["ended_at"] >= contact["started_at"]  # type: ignore[operator]
    for order in table(chunk, "orders"):
        assert order["ordered_at"] <= END  # type: ignore[operator]


def check_ticket(t: dict[str, object], spans: list[dict[str, object]], always_open: list[str]) -> None:
    n = {key: value for key, value in t.items() if isinstance(value, int)}
    assert n["created_at"] <= END
    for kind in ("first_response", "resolution"):
        calendar, business = n.get(f"{kind}_seconds"), n.get(f"{kind}_business_seconds")
        if business is not None:
            assert calendar is not None
            assert 0 <= business <= calendar
            if t["team_id"] in always_open:
                assert business == calendar
    assert (t["resolved_at"] is not None) == t["is_resolved"] == (t["status"] in ("solved", "closed"))
    if t["is_resolved"]:
        assert n["created_at"] <= n["first_resolved_at"] <= n["resolved_at"] <= END
    assert (t["requester_wait_seconds"] is None) == (
        not t["is_resolved"] or bool(t["is_resolution_inferred"])
    )
    if t["is_resolution_inferred"]:
        assert not spans
    elif spans:
        # The spans lie end to end, from the creation to the last resolution, or still run.
        assert spans[0]["starts_at"] == t["created_at"]
        assert spans[-1]["ends_at"] == t["resolved_at"]
        for before, after in pairwise(spans):
            assert before["ends_at"] == after["starts_at"]
            assert before["status"] != after["status"]
        if t["is_resolved"]:
            by_status: dict[object, int] = {}
            for span in spans:
                assert isinstance(span["calendar_seconds"], int)
                by_status[span["status"]] = by_status.get(span["status"], 0) + span["calendar_seconds"]
            work = by_status.get("new", 0) + by_status.get("open", 0)
            assert n["agent_work_seconds"] == work
            assert n["requester_wait_seconds"] == work + by_status.get("hold", 0)
            assert sum(by_status.values()) == n["resolution_seconds"]
    else:
        assert t["resolved_at"] == t["created_at"]
    assert (t["first_escalated_at"] is not None) == t["is_escalated"]
    if t["is_fcr_eligible"]:
        assert n["resolved_at"] + 7 * DAY <= END
        assert n["human_reply_count"] > 0
        assert isinstance(t["is_first_contact_resolution"], bool)
    else:
        assert t["is_first_contact_resolution"] is None
    if t["is_first_contact_resolution"]:
        assert (n["inbound_interaction_count"], n["reopen_count"], t["is_escalated"]) == (1, 0, False)
    if t["first_responded_at"] is not None:
        assert n["human_reply_count"] > 0
        assert t["first_response_agent_id"] not in ("bot-iris", "bot-echo")


def test_as_of_is_the_latest_accepted_instant() -> None:
    """The five columns of the contract, over the raw rows that are accepted; odd spellings left aside."""
    faulty = {(row["raw_table"], row["raw_key"]) for row in sample("faults")}
    latest = []
    for name, column in (
        ("tickets", "created_at"),
        ("ticket_events", "occurred_at"),
        ("interactions", "started_at"),
        ("survey_responses", "responded_at"),
        ("orders", "ordered_at"),
    ):
        key = RAW[name].key[0]
        times = [
            row[column] for row in seeds(name) if (name, row[key]) not in faulty and len(row[column]) == 19
        ]
        latest.append(max(times))
    assert max(latest) == "2025-03-31 23:59:59"


def test_the_rare_things_are_in_the_sample() -> None:
    tickets = [row for row in sample("tickets") if not row["exclusion_reason"]]

    def some(**wanted: str) -> bool:
        return any(all(row[column] == value for column, value in wanted.items()) for row in tickets)

    assert some(first_response_seconds="0")
    assert some(resolution_seconds="0", requester_wait_seconds="0")
    assert some(is_resolution_inferred="true", status="closed")
    assert some(status="new", team_id="team-us", assignee_id="")
    assert some(team_id="team-legacy", resolution_business_seconds="", is_resolved="true")
    assert some(is_bot_resolved="true")
    assert some(
        first_responded_at="", is_resolved="true", is_bot_resolved="false"
    )  # an agent wrote, nobody answered
    assert some(customer_id="", topic_id="", priority="")
    assert any(row["customer_id"].startswith("c-gone") for row in tickets)
    assert any(row["first_response_agent_id"].startswith("a-gone") for row in tickets)
    assert any(int(row["reopen_count"]) > 1 for row in tickets)
    assert any(row["first_resolved_at"] and not row["resolved_at"] for row in tickets)
    assert any(row["resolution_team_id"] != row["team_id"] for row in tickets if row["is_resolved"] == "true")
    merged = {
        row["ticket_id"]: row["survivor_ticket_id"] for row in sample("tickets") if row["survivor_ticket_id"]
    }
    raw = {row["ticket_id"]: row["merged_into_ticket_id"] for row in seeds("tickets")}
    assert any(raw[ticket] != survivor for ticket, survivor in merged.items())  # a chain
    countable = {row["ticket_id"]: row for row in tickets}
    assert any(survivor not in countable for survivor in merged.values())  # into spam
    moved = [
        row for row in sample("interactions") if row["started_at"] < countable[row["ticket_id"]]["created_at"]
    ]
    assert moved  # messages older than the ticket that they came to
    sessions: dict[str, set[str]] = {}
    for row in sample("interactions"):
        sessions.setdefault(row["session_id"], set()).add(row["ticket_id"])
    assert any(len(owners) > 1 for session, owners in sessions.items() if session)


def test_windows_close_at_their_last_second() -> None:
    """Pairs of tickets 0 seconds, 7 days, and 7 days and a second after a resolution; edges of influence."""
    world = build_world(3_000, 7, 15)
    books = [make_chunk(world, lists.make_rates(world), number, 1_000) for number in range(3)]
    tickets = [row for chunk in books for row in table(chunk, "tickets") if row["exclusion_reason"] is None]
    by_key: dict[tuple[object, object], list[int]] = {}
    for row in tickets:
        if row["customer_id"] and row["topic_id"]:
            by_key.setdefault((row["customer_id"], row["topic_id"]), []).append(row["created_at"])  # type: ignore[arg-type]
    gaps: dict[int, set[object]] = {}
    for row in tickets:
        if (
            not row["is_fcr_eligible"]
            or row["inbound_interaction_count"] != 1
            or row["is_escalated"]
            or row["reopen_count"]
        ):
            continue
        resolved = row["resolved_at"]
        assert isinstance(resolved, int)
        after = [
            at - resolved for at in by_key.get((row["customer_id"], row["topic_id"]), []) if at >= resolved
        ]
        inside = [gap for gap in after if 0 < gap <= 7 * DAY]
        assert row["is_first_contact_resolution"] == (not inside)
        for gap in after:
            if inside in ([], [gap]):
                gaps.setdefault(gap, set()).add(row["is_first_contact_resolution"])
    assert (gaps[0], gaps[7 * DAY], gaps[7 * DAY + 1]) == ({True}, {False}, {True})
    eligible = {row["resolved_at"]: row["is_fcr_eligible"] for row in tickets if row["human_reply_count"]}
    assert (eligible[END - 7 * DAY], eligible[END - 7 * DAY + 1]) == (True, False)
    created = {row["ticket_id"]: row["created_at"] for row in tickets}
    waits = {
        row["ordered_at"] - created[row["influencing_ticket_id"]]  # type: ignore[operator]
        for chunk in books
        for row in table(chunk, "orders")
        if row["influencing_ticket_id"] is not None
    }
    assert 0 in waits
    assert max(waits) == 5 * DAY


def test_no_sound_row_is_loaded_more_than_a_day_before_it_happened() -> None:
    world = build_world(1_000, 9, 15)
    chunk = make_chunk(world, lists.make_rates(world), 0, 1_000)
    dated = {
        "tickets": "created_at",
        "ticket_events": "occurred_at",
        "interactions": "started_at",
        "orders": "ordered_at",
    }
    early = set()
    for name, column in dated.items():
        for row in chunk.raw[name]:
            at, loaded = (datetime.fromisoformat(row[RAW[name].index(key)]) for key in (column, "loaded_at"))
            early.add(at - loaded)
    assert max(early) == timedelta(days=1)  # the very last second that is allowed


def test_planted_signals_show() -> None:
    tickets = [row for row in sample("tickets") if not row["exclusion_reason"]]
    signals = {row["signal"]: row for row in sample("signals")}
    assert set(signals) == {"spike", "creep", "kb_gap"}

    def rate(rows: Rows) -> float:
        return sum(row["is_escalated"] == "true" for row in rows) / len(rows)

    spike = signals["spike"]
    team = [row for row in tickets if row["team_id"] == spike["member_id"]]
    hot = [row for row in team if spike["starts_on"] <= row["created_at"][:10] <= spike["ends_on"]]
    assert len(hot) > 20
    assert rate(hot) > 0.5
    assert rate([row for row in team if row not in hot]) < 0.2
    gap = {row["member_id"] for row in sample("signals") if row["signal"] == "kb_gap"}
    assert rate([row for row in tickets if row["topic_id"] in gap]) > 0.25
    assert rate([row for row in tickets if row["topic_id"] not in gap and row not in hot]) < 0.1
    published = {
        row["topic_id"]
        for row in seeds("kb_articles")
        if row["article_id"].startswith("kb0") and row["published_at"]
    }
    assert not gap & published
    creep = signals["creep"]
    slow = [row for row in tickets if row["team_id"] == creep["member_id"] and row["resolution_seconds"]]
    start = datetime.fromisoformat(creep["starts_on"])
    weeks = []
    for week in range(3):
        since, until = ((start + timedelta(days=days)).isoformat(" ") for days in (week * 7, week * 7 + 7))
        weeks.append(
            median(int(row["resolution_seconds"]) for row in slow if since <= row["created_at"] < until)
        )
    usual = median(int(row["resolution_seconds"]) for row in slow if row["created_at"] < creep["starts_on"])
    assert usual < weeks[1] < weeks[2]
    assert weeks[2] > 3 * usual


def test_personal_values_can_be_searched_for() -> None:
    """Customers sign their messages and comments, so that a leak shows in what is published."""
    names = {row["name"] for row in seeds("customers")}
    assert any(body["body"].split(":")[0] in names for body in seeds("interactions"))
    assert any(answer["comment"].split("Yours, ")[-1] in names for answer in seeds("survey_responses"))
    erased = [row for row in seeds("customers") if row["erased_at"].startswith("202")]
    assert erased
    assert {row["name"] for row in erased} <= {name_of(number) for number in range(3_000)}
    assert {row["is_erased"] for row in sample("customers")} == {"true", "false"}
    assert any(row["requester_note"] in names for row in seeds("tickets"))


@pytest.mark.parametrize("name", ["seeds", "truth"])
def test_sample_folders_hold_their_tables(name: str) -> None:
    folder = PROJECT / (SEEDS if name == "seeds" else TRUTHS)
    wanted = {f"raw_{table}.csv" for table in RAW} if name == "seeds" else {f"{table}.csv" for table in TRUTH}
    assert {Path(path).name for path in folder.glob("*.csv")} == wanted
