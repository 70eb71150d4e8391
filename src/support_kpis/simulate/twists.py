"""The rare things that every output must have, each laid over one ticket at the beginning of every chunk.

A twist tells its ticket anew. Its docstring says what it is there to try.
"""

from __future__ import annotations

from collections.abc import Callable

from support_kpis.simulate.calendar import DAY, END, HOUR
from support_kpis.simulate.story import Story, settle
from support_kpis.simulate.teller import Teller
from support_kpis.simulate.world import BOT, BOT_AGENT

AGENT = "a001"
OTHER = "a002"
Twist = Callable[[Teller, Story], None]


def anew(teller: Teller, s: Story, created: int | None = None, *, routed: bool = True) -> int:
    """Forget what was told, and begin anew at an instant, else at any; gives created_at."""
    if created is None:
        created = teller.world.start + 2 * DAY + int(teller.rnd() * (END - teller.world.start) * 0.5)
    s.events.clear()
    s.messages.clear()
    s.created = created
    s.channel = "email"
    s.status, s.assignee, s.team, s.unit = "new", "", "", ""
    if routed:
        teller.route(s, created, "team-eu")
    return created


def asked(teller: Teller, s: Story, created: int | None = None, *, routed: bool = True) -> int:
    """Forget what was told, and begin with a customer's mail; gives created_at."""
    created = anew(teller, s, created, routed=routed)
    teller.asks(s, created)
    return created


def solve(teller: Teller, s: Story, at: int, agent: str = AGENT) -> None:
    """Assigned and open, answered ten minutes before it is solved at ``at``."""
    taken = max(s.created, at - 1200)
    teller.assign(s, taken, agent)
    teller.status(s, taken, "open", agent)
    teller.answers(s, max(s.created, at - 600), agent)
    teller.status(s, at, "solved", agent)
    settle(s, END)


def last_second(teller: Teller, s: Story) -> None:
    """Written in the last second of the operation, which makes it the input's as_of."""
    asked(teller, s, END)
    settle(s, END)


def _reply_at_creation(teller: Teller, s: Story) -> None:
    """The first reply comes in the very second of creation: a response of 0 seconds."""
    at = asked(teller, s)
    teller.answers(s, at, AGENT)
    solve(teller, s, at + HOUR)


def _solved_at_creation(teller: Teller, s: Story) -> None:
    """Asked, answered and solved in one second: durations of 0, and no status span."""
    at = asked(teller, s)
    solve(teller, s, at)


def _solved_and_closed(teller: Teller, s: Story) -> None:
    """Solved and closed in one second: one resolution."""
    at = asked(teller, s) + 3 * HOUR
    solve(teller, s, at)
    teller.status(s, at, "closed", AGENT)
    settle(s, END)


def _reopened_at_once(teller: Teller, s: Story) -> None:
    """Solved, opened and solved again in one second: a reopening without a span of its own."""
    at = asked(teller, s) + 3 * HOUR
    solve(teller, s, at)
    teller.status(s, at, "open", AGENT)
    teller.status(s, at, "solved", AGENT)
    settle(s, END)


def _closed_then_reopened(teller: Teller, s: Story) -> None:
    """Closed and reopened, twice: until it is reopened a ticket is in solved, closed or not."""
    at = asked(teller, s) + 3 * HOUR
    solve(teller, s, at)
    teller.status(s, at + DAY, "closed")
    teller.status(s, at + 2 * DAY, "hold", "customer")
    teller.status(s, at + 2 * DAY + HOUR, "pending", AGENT)
    teller.status(s, at + 3 * DAY, "closed", AGENT)
    teller.status(s, at + 4 * DAY, "new", "customer")
    teller.status(s, at + 5 * DAY, "solved", AGENT)
    settle(s, END)


def _reopened_and_open(teller: Teller, s: Story) -> None:
    """Solved once and open to this day: a first resolution, and none that lasts."""
    at = asked(teller, s) + 3 * HOUR
    solve(teller, s, at)
    teller.asks(s, at + HOUR)
    teller.status(s, at + HOUR, "open", "customer")
    settle(s, END)


def _agent_opened(teller: Teller, s: Story) -> None:
    """An agent writes first; the clock starts with the customer's answer."""
    at = anew(teller, s)
    teller.answers(s, at, AGENT)
    teller.asks(s, at + 2 * HOUR)
    solve(teller, s, at + 5 * HOUR)


def _agent_opened_alone(teller: Teller, s: Story) -> None:
    """An agent writes, and nobody answers: no first response."""
    at = anew(teller, s)
    teller.answers(s, at + 60, AGENT)
    teller.status(s, at + 60, "solved", AGENT)
    settle(s, END)


def _silent_solved(teller: Teller, s: Story) -> None:
    """Solved by its own columns, without a status event: the resolution is inferred from updated_at."""
    at = asked(teller, s)
    teller.assign(s, at + 60, AGENT)
    teller.answers(s, at + HOUR, AGENT)
    settle(s, END)
    s.status, s.updated = "solved", at + 9 * HOUR


def _silent_closed(teller: Teller, s: Story) -> None:
    """Closed without any event at all; agent and team are those of the ticket's columns."""
    at = asked(teller, s, routed=False)
    teller.answers(s, at + HOUR, AGENT)
    settle(s, END)
    s.status, s.updated, s.assignee, s.team = "closed", at + 30 * HOUR, "a-nobody-knows", "team-rail"


def _silent_new(teller: Teller, s: Story) -> None:
    """New, without any event."""
    asked(teller, s, routed=False)
    settle(s, END)
    s.team = "team-us"


def _by_history(teller: Teller, s: Story) -> None:
    """No team event: the team is the one that agent_team_history gives the assignee at each instant."""
    at = anew(teller, s, routed=False)
    teller.assign(s, at, AGENT)
    teller.asks(s, at)
    teller.answers(s, at + HOUR, AGENT)
    teller.status(s, at + 2 * HOUR, "solved", AGENT)
    settle(s, END)
    s.team = "team-legal"


def _cut_history(teller: Teller, s: Story) -> None:
    """The history begins with a way out of solved: before it the ticket counts as new, not as reopened."""
    at = asked(teller, s)
    s.status = "solved"
    teller.status(s, at + HOUR, "open", AGENT)
    solve(teller, s, at + 4 * HOUR)


def _wrong_old_values(teller: Teller, s: Story) -> None:
    """Old values that contradict the state, and a change from open to open: states follow the new values."""
    at = asked(teller, s)
    teller.event(s, at + 60, "status", "new", "open", AGENT)
    teller.event(s, at + 120, "status", "solved", "open", AGENT)
    teller.event(s, at + 180, "status", "open", "open", AGENT)
    teller.event(s, at + 240, "team", "team-experts", "team-eu", AGENT)
    teller.answers(s, at + 300, AGENT)
    teller.event(s, at + 300, "status", "hold", "solved", AGENT)
    settle(s, END)


def _events_before_creation(teller: Teller, s: Story) -> None:
    """A history that begins before created_at: those events count at created_at."""
    at = anew(teller, s, routed=False)
    teller.route(s, at - 300, "team-us")
    teller.assign(s, at - 200, AGENT)
    teller.status(s, at - 100, "open", AGENT)
    teller.asks(s, at)
    teller.answers(s, at + 600, AGENT)
    teller.status(s, at + 600, "solved", AGENT)
    settle(s, END)


def _unassigned_again(teller: Teller, s: Story) -> None:
    """Assigned, put back, assigned: only a move from one agent to another is a reassignment."""
    at = asked(teller, s)
    for minutes, agent in ((1, AGENT), (2, ""), (3, OTHER), (4, AGENT), (5, AGENT)):
        teller.assign(s, at + minutes * 60, agent)
    solve(teller, s, at + 4 * HOUR)


def _call_before_creation(teller: Teller, s: Story) -> None:
    """The ticket is created during the call: what was said before is no first response, the mail after is."""
    at = anew(teller, s)
    session = teller.session()
    teller.asks(s, at - 90, "phone", session)
    teller.say(s, at - 60, "agent", AGENT, "phone", session, ended=at + 45, talk=105.0, hold=12.5)
    solve(teller, s, at + HOUR)


def _notes_only(teller: Teller, s: Story) -> None:
    """Notes and a private mail are no reply, whatever their public flag says."""
    at = asked(teller, s)
    teller.say(s, at + 60, "agent", AGENT, direction="internal", is_public=True, wrap_up=30.0)
    teller.say(s, at + 90, "agent", AGENT, is_public=False, talk=20.0)
    settle(s, END)


def _note_in_session(teller: Teller, s: Story) -> None:
    """A note first in a session is left out of it; two messages at a load of 2 add up their halves."""
    at = anew(teller, s)
    session = teller.session()
    teller.say(s, at, "agent", AGENT, "chat", session, direction="internal", talk=500.0)
    teller.asks(s, at + 5, "chat", session)
    teller.say(s, at + 10, "agent", AGENT, "chat", session, talk=33.0, concurrency=2.0, ended=at + 200)
    teller.say(s, at + 90, "agent", AGENT, "chat", session, wrap_up=10.0, concurrency=2.0)
    solve(teller, s, at + HOUR)


def _bot_as_agent(teller: Teller, s: Story) -> None:
    """Answered by an agent whose role is bot: no human clock stops."""
    at = asked(teller, s)
    teller.say(s, at + 5, "agent", BOT_AGENT)
    teller.status(s, at + 60, "solved", BOT)
    settle(s, END)


def _unknown_agent(teller: Teller, s: Story) -> None:
    """Assigned to and answered by an agent in no list: kept, and human."""
    at = asked(teller, s)
    solve(teller, s, at + HOUR, f"a-gone-{teller.chunk}")


def _unknown_team(teller: Teller, s: Story) -> None:
    """Moved to a team in no list: no tier, so no escalation; no schedule when it begins there."""
    at = asked(teller, s, routed=False)
    teller.route(s, at, f"team-gone-{teller.chunk}")
    teller.route(s, at + 60, "team-experts")
    solve(teller, s, at + HOUR)


def _unknown_topic(teller: Teller, s: Story) -> None:
    """A topic in no list."""
    solve(teller, s, asked(teller, s) + HOUR)
    s.topic = f"topic-gone-{teller.chunk}"


def _unknown_customer(teller: Teller, s: Story) -> None:
    """A customer in no list, and a unit in no list."""
    s.customer = f"c-gone-{teller.chunk}"
    solve(teller, s, asked(teller, s) + HOUR)
    s.unit = "bu-gone"


def _no_customer(teller: Teller, s: Story) -> None:
    """Neither customer, topic, priority nor kind."""
    s.customer = s.topic = s.priority = s.kind = ""
    solve(teller, s, asked(teller, s) + HOUR)


def _tier_without_old(teller: Teller, s: Story) -> None:
    """Tier events: up, down (none), and up without an old value, which compares with the last tier known."""
    at = asked(teller, s)
    teller.event(s, at + 60, "tier", "1", "2", AGENT)
    teller.event(s, at + 120, "tier", "2", "1", AGENT)
    teller.event(s, at + 180, "tier", "", "3", AGENT)
    solve(teller, s, at + HOUR)


def _late_routing(teller: Teller, s: Story) -> None:
    """Routed an hour after creation from no team: at creation there is none, and no business clock."""
    at = asked(teller, s, routed=False)
    teller.route(s, at + HOUR, "team-chat")
    solve(teller, s, at + 2 * HOUR)


def _stale_columns(teller: Teller, s: Story) -> None:
    """The columns lag behind the history: the history is right."""
    solve(teller, s, asked(teller, s) + HOUR)
    s.status, s.assignee, s.team, s.priority = "open", OTHER, "team-legacy", s.priority


def _sequence_against_ids(teller: Teller, s: Story) -> None:
    """Three changes in one second, their sequence against their ids; the one without a sequence is last."""
    at = asked(teller, s)
    solve(teller, s, at + HOUR)
    for sequence, old, new in ((None, "pending", "solved"), (7, "hold", "pending"), (3, "solved", "hold")):
        teller.event(s, at + 2 * HOUR, "status", old, new, AGENT)
        s.events[-1] = s.events[-1]._replace(sequence=sequence)
    settle(s, END)


def _spam(teller: Teller, s: Story) -> None:
    """Spam, with a message."""
    s.spam = True


def _test(teller: Teller, s: Story) -> None:
    """A test of the staff."""
    s.test = True


def _deleted(teller: Teller, s: Story) -> None:
    """Deleted."""
    s.deleted = True


def _spam_and_test(teller: Teller, s: Story) -> None:
    """Spam and test and deleted: counted once, as spam."""
    s.spam = s.test = s.deleted = True


def _midnight(teller: Teller, s: Story) -> None:
    """Created at midnight, which a bare date says too."""
    at = teller.world.start + 20 * DAY
    solve(teller, s, asked(teller, s, at) + 7 * HOUR)


def _clock_change(number: int) -> Twist:
    """Open over a night in which some desk's clock is changed, in the team that it hits most."""

    def twist(teller: Teller, s: Story) -> None:
        changes = teller.world.clock_changes
        if not changes:
            return
        day = changes[number % len(changes)]
        at = min(day * DAY - 10 * HOUR + number * 900, END - 2 * DAY)
        team = ("team-stays", "team-chat", "team-apac", "team-us")[number % 4]
        anew(teller, s, max(at, teller.world.start), routed=False)
        teller.route(s, s.created, team)
        teller.asks(s, s.created)
        solve(teller, s, s.created + 40 * HOUR)

    return twist


TWISTS: tuple[Twist, ...] = (
    _reply_at_creation, _solved_at_creation, _solved_and_closed, _reopened_at_once, _closed_then_reopened,
    _reopened_and_open, _agent_opened, _agent_opened_alone, _silent_solved, _silent_closed, _silent_new,
    _by_history, _cut_history, _wrong_old_values, _events_before_creation, _unassigned_again,
    _call_before_creation, _notes_only, _note_in_session, _bot_as_agent, _unknown_agent, _unknown_team,
    _unknown_topic, _unknown_customer, _no_customer, _tier_without_old, _late_routing, _stale_columns,
    _sequence_against_ids, _spam, _test, _deleted, _spam_and_test, _midnight,
    *(_clock_change(number) for number in range(8)),
)  # fmt: skip
