"""What is true of a ticket: the definitions of the KPI page, worked out in plain Python over its story.

This is the second opinion against which the warehouse is held, so it shares nothing with it: no SQL, no set
of rows at a time, one ticket after the other. Where the definitions leave a choice, the choice is named
beside the code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from support_kpis.simulate.story import SOLVED, UNSOLVED, Event, Message, Story
from support_kpis.simulate.world import World

Span = tuple[str, int, int | None]
Escalation = tuple[int, str | None, str | None, int | None, int | None]


@dataclass(slots=True)
class Contact:
    """One interaction: a message, or all messages of a session."""

    contact_id: str
    session: str
    channel: str
    direction: str
    author_type: str
    author: str
    is_human: bool
    is_public: bool
    started: int
    ended: int
    handle: int | None


@dataclass(slots=True)
class Account:
    """What is true of one countable ticket. Instants and durations in seconds; None where not (yet) known."""

    ticket_id: str
    created: int
    status: str = "new"
    priority: str | None = None
    team_at_creation: str | None = None
    assignee: str | None = None
    responded: int | None = None
    response_seconds: int | None = None
    response_business_seconds: int | None = None
    response_agent: str | None = None
    first_resolved: int | None = None
    resolved: int | None = None
    is_inferred: bool = False
    resolution_business_seconds: int | None = None
    resolution_agent: str | None = None
    resolution_team: str | None = None
    requester_wait: int | None = None
    agent_work: int | None = None
    reopens: int = 0
    reassignments: int = 0
    public_contacts: int = 0
    inbound_contacts: int = 0
    human_replies: int = 0
    bot_replies: int = 0
    handle: int | None = None
    contacts: list[Contact] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)


class History:
    """The states of one kind that a ticket went through, to be asked for any instant."""

    __slots__ = ("_first", "_steps")

    def __init__(self, created: int, events: list[Event]) -> None:
        # Events before created_at count at created_at.
        self._steps = [(max(event.at, created), event.new or None) for event in events]
        self._first = (events[0].old or None) if events else None

    def __bool__(self) -> bool:
        return bool(self._steps)

    def at(self, moment: int) -> str | None:
        """What was in force at an instant, all events of that instant included."""
        value = self._first
        for when, new in self._steps:
            if when > moment:
                break
            value = new
        return value


class Timeline:
    """A ticket's history by kind, with the agent and team in force at any instant."""

    __slots__ = ("_agents", "_story", "_teams", "_world", "kinds")

    def __init__(self, story: Story, world: World) -> None:
        self.kinds: dict[str, list[Event]] = {}
        for event in story.events:
            self.kinds.setdefault(event.kind, []).append(event)
        self._story = story
        self._world = world
        self._agents = History(story.created, self.kinds.get("assignee", []))
        self._teams = History(story.created, self.kinds.get("team", []))

    def agent(self, moment: int) -> str | None:
        """By assignee events; where there are none, the ticket's column."""
        return self._agents.at(moment) if self._agents else self._story.assignee or None

    def team(self, moment: int) -> str | None:
        """By team events; where there are none, the agent's team of that time; else the ticket's column."""
        if self._teams:
            return self._teams.at(moment)
        return self._world.history_team(self.agent(moment), moment) or self._story.team or None


def account(story: Story, messages: list[Message], world: World, as_of: int) -> tuple[Account, Timeline]:
    """Work out what is true of a ticket that counts.

    Args:
        story: the ticket, its events sorted.
        messages: its own messages and those of the tickets merged into it, sorted by instant.
        world: teams, schedules and agents.
        as_of: the instant for which the account is given.
    """
    result = Account(story.ticket_id, story.created)
    timeline = Timeline(story, world)
    _statuses(result, story, timeline, as_of)
    _contacts(result, messages, world)
    _first_response(result, messages, world)
    _escalations(result, timeline, world)
    priorities = timeline.kinds.get("priority")
    result.priority = priorities[-1].new if priorities else story.priority or None
    result.team_at_creation = timeline.team(story.created)
    result.assignee = timeline.agent(as_of)
    moves = timeline.kinds.get("assignee", ())
    result.reassignments = sum(1 for event in moves if event.old and event.new and event.old != event.new)
    if result.resolved is not None:
        result.resolution_agent = timeline.agent(result.resolved)
        result.resolution_team = timeline.team(result.resolved)
    schedule = world.schedule_of(result.team_at_creation)
    if schedule is not None:
        if result.responded is not None:
            # An agent-opened ticket's clock starts later than created_at.
            start = result.responded - (result.response_seconds or 0)
            result.response_business_seconds = schedule.business_seconds(start, result.responded)
        if result.resolved is not None:
            result.resolution_business_seconds = schedule.business_seconds(story.created, result.resolved)
    return result, timeline


def _statuses(result: Account, story: Story, timeline: Timeline, as_of: int) -> None:
    events = timeline.kinds.get("status")
    if not events:
        result.status = story.status
        if story.status in SOLVED:
            # No history, but solved: at updated_at. What it was before is not known, so there are no spans.
            result.first_resolved = result.resolved = story.updated
            result.is_inferred = True
        else:
            # Choice: a ticket without a status event has been in its column's status since it was created.
            result.spans = [(story.status, story.created, None)]
        return
    state = events[0].old if events[0].old in UNSOLVED else "new"
    steps: list[tuple[int, str]] = [(story.created, state)]
    for event in events:
        at = max(event.at, story.created)
        was_solved, is_solved = state in SOLVED, event.new in SOLVED
        if is_solved and not was_solved:
            result.resolved = at
            if result.first_resolved is None:
                result.first_resolved = at
        elif was_solved and not is_solved:
            result.resolved = None
            result.reopens += 1
        state = event.new
        steps.append((at, state))
    result.status = state
    end = result.resolved
    spans: list[Span] = []
    for place, (start, name) in enumerate(steps):
        until = steps[place + 1][0] if place + 1 < len(steps) else None
        if end is not None and (until is None or until > end):
            until = end
        # Choice: a state that held for no time has no span, and does not break the one around it.
        if until is not None and until <= start:
            continue
        shown = "solved" if name in SOLVED else name
        if spans and spans[-1][0] == shown:
            spans[-1] = (shown, spans[-1][1], until)
        else:
            spans.append((shown, start, until))
    result.spans = spans
    if end is not None:
        result.agent_work = sum(
            stop - start for name, start, stop in spans if stop and name in ("new", "open")
        )
        result.requester_wait = result.agent_work + sum(
            stop - start for name, start, stop in spans if stop and name == "hold"
        )


def is_human(message: Message, world: World) -> bool:
    """Whether a human of the support organisation wrote a message: an agent whose role is not bot."""
    return message.author_type == "agent" and not world.is_bot(message.author)


def _handle(rows: list[Message]) -> int | None:
    """The handle time of an interaction: parts by load, summed over its rows, half up."""
    alone = 0.0  # exact: seconds come in halves at most
    shared = Fraction(0)
    is_known = False
    for row in rows:
        if row.talk is None and row.hold is None and row.wrap_up is None:
            continue
        is_known = True
        seconds = (row.talk or 0.0) + (row.hold or 0.0) + (row.wrap_up or 0.0)
        if row.concurrency is None or row.concurrency == 1:
            alone += seconds
        else:
            shared += Fraction(seconds) / Fraction(row.concurrency)
    if not is_known:
        return None
    if not shared:
        return int(alone + 0.5)
    return math.floor(Fraction(alone) + shared + Fraction(1, 2))


def _contacts(result: Account, messages: list[Message], world: World) -> None:
    groups: dict[str, list[Message]] = {}
    for message in messages:
        if message.direction != "internal":
            # A message without a session is an interaction of its own.
            groups.setdefault(message.session or message.message_id, []).append(message)
    for rows in groups.values():
        first = rows[0]
        direction = first.direction
        if first.session:
            direction = "inbound" if first.author_type == "customer" else "outbound"
        handle = _handle(rows)
        contact = Contact(
            first.message_id,
            first.session,
            first.channel,
            direction,
            first.author_type,
            first.author,
            any(is_human(row, world) for row in rows),
            any(row.is_public for row in rows),
            first.at,
            # Choice: one message without an end ends when it starts, as it would in a session.
            max(row.ended if row.ended is not None and row.ended > row.at else row.at for row in rows),
            handle,
        )
        result.contacts.append(contact)
        result.inbound_contacts += direction == "inbound"
        result.public_contacts += contact.is_public and (contact.is_human or direction == "inbound")
        if handle is not None:
            result.handle = (result.handle or 0) + handle


def _first_response(result: Account, messages: list[Message], world: World) -> None:
    replies: list[Message] = []
    for message in messages:
        if message.direction == "outbound" and message.is_public:
            if is_human(message, world):
                replies.append(message)
            elif message.author_type != "system":
                result.bot_replies += 1
    result.human_replies = len(replies)
    if not replies:
        return
    first_inbound = min(
        (contact.started for contact in result.contacts if contact.direction == "inbound"), default=None
    )
    start = result.created
    if first_inbound is None or replies[0].at < first_inbound:
        # An agent opened the ticket: the clock starts when the customer first writes.
        if first_inbound is None:
            return
        start = first_inbound
        answers = [reply for reply in replies if reply.at > start]
    else:
        answers = [reply for reply in replies if reply.at >= start]
    if not answers:
        return
    reply = answers[0]
    result.responded = reply.at
    result.response_seconds = reply.at - start
    result.response_agent = reply.author or None


def _escalations(result: Account, timeline: Timeline, world: World) -> None:
    instants: dict[int, dict[str, tuple[int | None, int | None]]] = {}
    created = result.created
    for event in timeline.kinds.get("escalated", ()):
        instants.setdefault(max(event.at, created), {})["escalated"] = (None, None)
    last_tier: int | None = None
    for event in timeline.kinds.get("tier", ()):
        before = int(event.old) if event.old else last_tier
        last_tier = int(event.new)
        if before is not None and last_tier > before:
            instants.setdefault(max(event.at, created), {})["tier"] = (before, last_tier)
    teams = timeline.kinds.get("team", ())
    team = teams[0].old if teams else ""
    for event in teams:
        lower, upper = world.tier_of(team), world.tier_of(event.new)
        if lower is not None and upper is not None and upper > lower:
            instants.setdefault(max(event.at, created), {})["team"] = (lower, upper)
        team = event.new
    for at in sorted(instants):
        # Choice: the tiers are those of the tier event, where there is one, else those of the teams.
        before_team, after_team = timeline.team(at - 1), timeline.team(at)
        tiers = instants[at].get("tier") or (world.tier_of(before_team), world.tier_of(after_team))
        result.escalations.append((at, before_team, after_team, *tiers))
