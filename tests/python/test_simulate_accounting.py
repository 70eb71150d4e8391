"""The simulator's own account of a ticket, held to cases that were worked out by hand from the KPI page."""

from typing import Any

import pytest

from support_kpis.simulate.accounting import Account, account
from support_kpis.simulate.calendar import END, HOUR, instant
from support_kpis.simulate.story import Event, Message, Story, event_order, message_order
from support_kpis.simulate.world import BOT_AGENT, World, build_world

T0 = instant(2024, 6, 3, 8)  # a Monday, 10:00 in Berlin


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(1_000, 1, 15)


class Script:
    """A ticket written down step by step; times are seconds after T0."""

    def __init__(self) -> None:
        self.story = Story("t1", T0, "email", "c1", 1)

    def event(self, at: int, kind: str, old: str, new: str, sequence: int | None = None) -> "Script":
        name = f"e{len(self.story.events):03d}"
        self.story.events.append(Event(T0 + at, sequence, name, kind, old, new, "agent", "a001", ""))
        return self

    def says(self, at: int, who: str, **changes: Any) -> "Script":
        direction = "inbound" if who == "customer" else "outbound"
        author_type = who if who in ("customer", "bot", "system") else "agent"
        message = Message(
            T0 + at,
            f"i{len(self.story.messages):03d}",
            "",
            None,
            "email",
            direction,
            author_type,
            who,
            True,
            None,
            None,
            None,
            None,
            None,
            False,
            "",
        )
        self.story.messages.append(message._replace(**changes))
        return self

    def books(self, world: World) -> Account:
        self.story.events.sort(key=event_order)
        self.story.messages.sort(key=message_order)
        return account(self.story, self.story.messages, world, END)[0]


def test_resolution_is_the_last_one_that_held(world: World) -> None:
    script = Script().event(0, "status", "new", "open").event(100, "status", "open", "solved")
    script.event(200, "status", "solved", "closed").event(500, "status", "closed", "hold")
    script.event(600, "status", "hold", "pending").event(900, "status", "pending", "closed")
    books = script.books(world)
    assert books.first_resolved == T0 + 100
    assert books.resolved == T0 + 900
    assert books.reopens == 1
    assert books.status == "closed"
    spans = [(status, start - T0, end - T0) for status, start, end in books.spans if end]
    assert spans == [("open", 0, 100), ("solved", 100, 500), ("hold", 500, 600), ("pending", 600, 900)]
    assert (books.agent_work, books.requester_wait) == (100, 200)


def test_reopened_and_left_open_has_a_first_resolution_only(world: World) -> None:
    script = Script().event(0, "status", "new", "open").event(60, "status", "open", "solved")
    books = script.event(90, "status", "solved", "open").books(world)
    assert (books.first_resolved, books.resolved, books.reopens) == (T0 + 60, None, 1)
    assert (books.agent_work, books.requester_wait) == (None, None)
    assert books.spans[-1] == ("open", T0 + 90, None)


def test_history_that_begins_solved_counts_as_new(world: World) -> None:
    script = Script().event(50, "status", "solved", "open").event(80, "status", "hold", "solved")
    books = script.books(world)
    assert books.reopens == 0
    assert books.spans == [("new", T0, T0 + 50), ("open", T0 + 50, T0 + 80)]
    assert books.agent_work == 80


def test_sequence_then_id_order_one_instant(world: World) -> None:
    """By ids the ticket would end solved; the row without a sequence comes last and opens it again."""
    script = Script().event(10, "status", "x", "open", None)
    script.event(10, "status", "x", "pending", 1).event(10, "status", "x", "solved", 2)
    books = script.books(world)
    assert (books.status, books.reopens, books.first_resolved) == ("open", 1, T0 + 10)


def test_events_before_creation_count_at_creation(world: World) -> None:
    script = Script().event(-300, "team", "", "team-us").event(-100, "status", "new", "open")
    books = script.event(60, "status", "open", "solved").books(world)
    assert books.team_at_creation == "team-us"
    assert books.spans == [("open", T0, T0 + 60)]


def test_solved_without_history_is_resolved_at_updated_at(world: World) -> None:
    script = Script()
    script.story.status, script.story.updated = "solved", T0 + HOUR
    books = script.books(world)
    assert (books.resolved, books.is_inferred) == (T0 + HOUR, True)
    assert (books.requester_wait, books.agent_work, books.spans) == (None, None, [])


def test_first_response_is_of_a_human_in_public_and_not_before_creation(world: World) -> None:
    script = Script().says(-5, "customer").says(-2, "a001").says(0, "customer")
    script.says(5, "bot").says(6, BOT_AGENT).says(7, "system").says(8, "a001", direction="internal")
    script.says(9, "a001", is_public=False).says(70, "a-not-in-any-list").says(80, "a002")
    books = script.books(world)
    assert (books.response_seconds, books.response_agent) == (70, "a-not-in-any-list")
    assert books.human_replies == 3
    assert books.bot_replies == 2
    assert books.inbound_contacts == 2


def test_reply_at_creation_takes_no_time(world: World) -> None:
    books = Script().says(0, "customer").says(0, "a001").books(world)
    assert books.response_seconds == 0


def test_agent_opened_ticket_runs_from_the_first_inbound(world: World) -> None:
    script = (
        Script().event(0, "team", "", "team-eu").says(0, "a001").says(600, "customer").says(1_500, "a002")
    )
    books = script.books(world)
    assert (books.response_seconds, books.responded) == (900, T0 + 1_500)
    assert books.response_business_seconds == 900
    assert Script().says(0, "a001").says(60, "a001").books(world).responded is None


def test_call_is_answered_by_the_agents_row(world: World) -> None:
    script = Script().says(0, "customer", session="x", channel="phone", ended=T0 + 300)
    script.says(40, "a001", session="x", talk=100.0, hold=10.5, ended=T0 + 150)
    script.says(200, "a002", session="x", talk=30.0, wrap_up=5.0)
    script.says(50, "a002", session="x", direction="internal", talk=999.0)
    books = script.books(world)
    (contact,) = books.contacts
    assert (contact.direction, contact.author_type, contact.is_human) == ("inbound", "customer", True)
    assert (contact.started, contact.ended) == (T0, T0 + 300)
    assert contact.handle == books.handle == 146  # 110.5 + 35 = 145.5, half up
    assert books.response_seconds == 40
    assert (books.inbound_contacts, books.public_contacts, books.human_replies) == (1, 1, 2)


@pytest.mark.parametrize(
    ("parts", "seconds"),
    [
        ([], None),
        ([{"talk": 0.0}], 0),
        ([{"talk": 12.5}], 13),
        ([{"talk": 100.0, "wrap_up": 20.0, "concurrency": 3.0}], 40),
        ([{"talk": 10.0, "concurrency": 3.0}, {"talk": 1.0, "concurrency": 6.0}], 4),  # 3 1/3 + 1/6 = 3.5
        ([{"talk": 33.0, "concurrency": 2.0}, {"hold": 10.0, "concurrency": 2.0}], 22),  # 16.5 + 5
        ([{"talk": 7.0, "concurrency": 2.5}, {}], 3),  # 2.8
    ],
)
def test_handle_time(world: World, parts: list[dict[str, float]], seconds: int | None) -> None:
    script = Script().says(0, "customer", session="x")
    for part in parts:
        script.says(5, "a001", session="x", **part)
    assert script.books(world).handle == seconds


def test_ticket_without_team_events_follows_its_agent(world: World) -> None:
    mover = next(agent for agent in world.agents.values() if len(agent.stays) == 2 and agent.has_history)
    moved = mover.stays[1].since
    script = Script()
    script.story.created = moved - HOUR
    script.story.team = "team-legal"
    script.story.events = [
        Event(moved - HOUR, None, "e1", "assignee", "", mover.agent_id, "agent", "", ""),
        Event(moved, None, "e2", "status", "new", "solved", "agent", "", ""),
    ]
    books = script.books(world)
    assert books.team_at_creation == mover.stays[0].team
    assert books.resolution_team == mover.stays[1].team
    assert books.resolution_agent == mover.agent_id
    script.story.events = script.story.events[1:]
    assert script.books(world).resolution_team == "team-legal"


def test_team_before_the_first_event_is_its_old_value(world: World) -> None:
    books = Script().event(60, "team", "team-us", "team-care").books(world)
    assert books.team_at_creation == "team-us"
    assert Script().event(60, "team", "", "team-care").books(world).team_at_creation is None


def test_reassignment_has_both_ends(world: World) -> None:
    script = Script().event(1, "assignee", "", "a1").event(2, "assignee", "a1", "")
    script.event(3, "assignee", "a1", "a2").event(4, "assignee", "a2", "a2")
    assert script.books(world).reassignments == 1


def test_escalations(world: World) -> None:
    script = Script().event(0, "team", "", "team-us")  # a first assignment is none
    script.event(10, "team", "team-us", "team-eu")  # the same tier
    script.event(20, "team", "team-eu", "team-care").event(20, "tier", "1", "2").event(
        20, "escalated", "", ""
    )
    script.event(30, "team", "team-care", "team-eu").event(30, "tier", "2", "1")  # down
    script.event(40, "tier", "", "3")  # compares with the last tier known, 1
    script.event(50, "team", "team-eu", "team-in-no-list").event(
        60, "team", "", "team-experts"
    )  # unknown tiers
    books = script.books(world)
    assert books.escalations == [
        (T0 + 20, "team-eu", "team-care", 1, 2),
        (T0 + 40, "team-eu", "team-eu", 1, 3),
    ]


def test_old_value_of_a_team_event_counts_only_before_the_first(world: World) -> None:
    script = Script().event(0, "team", "", "team-care").event(10, "team", "team-us", "team-tech")
    assert script.books(world).escalations == []
    script = Script().event(10, "team", "team-us", "team-tech")
    assert script.books(world).escalations == [(T0 + 10, "team-us", "team-tech", 1, 2)]


def test_priority_is_that_of_the_last_event(world: World) -> None:
    assert Script().event(1, "priority", "low", "high").books(world).priority == "high"
    assert Script().books(world).priority == "normal"


def test_tier_event_compares_with_its_own_old_value_first(world: World) -> None:
    script = Script().event(5, "tier", "1", "2").event(10, "tier", "3", "3").event(20, "tier", "1", "3")
    assert [at - T0 for at, *_ in script.books(world).escalations] == [5, 20]


def test_escalation_before_creation_counts_at_creation_and_comes_from_no_team(world: World) -> None:
    script = Script().event(-100, "team", "", "team-us").event(-50, "team", "team-us", "team-care")
    assert script.books(world).escalations == [(T0, None, "team-care", None, 2)]
