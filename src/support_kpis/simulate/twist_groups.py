"""The rare things that take more than one ticket: merges, twins, follow-ups at the edges of a window."""

from __future__ import annotations

from collections.abc import Callable

from support_kpis.simulate.calendar import DAY, END, HOUR
from support_kpis.simulate.story import Story, settle
from support_kpis.simulate.teller import Teller
from support_kpis.simulate.twists import AGENT, OTHER, TWISTS, anew, asked, last_second, solve

RARE_TOPIC = "topic-praise"
FCR_WINDOW = 7 * DAY
INFLUENCE_WINDOW = 5 * DAY


def _same_person(stories: list[Story]) -> None:
    for s in stories[1:]:
        s.customer, s.person, s.topic = stories[0].customer, stories[0].person, stories[0].topic


def _chain(teller: Teller, stories: list[Story]) -> None:
    """Three tickets, merged one into the next; the last one, which survives, is the youngest."""
    _same_person(stories)
    at = asked(teller, stories[0])
    teller.answers(stories[0], at + 600, AGENT)
    for number, s in enumerate(stories[1:], 1):
        asked(teller, s, at + number * HOUR)
        merge(teller, stories[number - 1], s, at + number * HOUR + 60)
    teller.answers(stories[2], at + 4 * HOUR, OTHER)
    solve(teller, stories[2], at + 6 * HOUR)
    settle(stories[0], END)
    settle(stories[1], END)


def _into_the_first(teller: Teller, stories: list[Story]) -> None:
    """A second ticket, merged into the first; the reply that it got counts for the first."""
    _same_person(stories)
    at = asked(teller, stories[0])
    asked(teller, stories[1], at + HOUR)
    teller.answers(stories[1], at + 2 * HOUR, OTHER)
    merge(teller, stories[1], stories[0], at + 3 * HOUR)
    solve(teller, stories[0], at + 5 * HOUR)
    settle(stories[1], END)


def _into_spam(teller: Teller, stories: list[Story]) -> None:
    """Merged into spam: its messages are in no mart. It is deleted too, and counted as merged."""
    _same_person(stories)
    at = asked(teller, stories[0])
    asked(teller, stories[1], at + HOUR)
    merge(teller, stories[1], stories[0], at + 2 * HOUR)
    stories[0].spam = stories[1].deleted = True
    settle(stories[0], END)
    settle(stories[1], END)


def _shared_session(teller: Teller, stories: list[Story]) -> None:
    """One session id in two tickets: a session is one only within its ticket."""
    session = teller.session()
    for s in stories:
        at = anew(teller, s)
        teller.asks(s, at, "chat", session)
        teller.say(s, at + 9, "agent", AGENT, "chat", session, talk=90.0)
        solve(teller, s, at + HOUR)


def _twins(teller: Teller, stories: list[Story]) -> None:
    """Two tickets created in one second, and orders at the very ends of their window of influence."""
    _same_person(stories)
    at = asked(teller, stories[0])
    asked(teller, stories[1], at)
    for s in stories:
        solve(teller, s, at + HOUR)
    customer = stories[0].customer
    for moment in (at, at + INFLUENCE_WINDOW, at + INFLUENCE_WINDOW + 1, at - 1):
        teller.asked_orders.append((moment, customer))


def _follow_up(gap: int) -> Callable[[Teller, list[Story]], None]:
    """A second ticket ``gap`` seconds after the first was resolved: does it end the first contact's peace?"""

    def group(teller: Teller, stories: list[Story]) -> None:
        _same_person(stories)
        # The rarest topic, so that hardly ever another ticket of the customer decides.
        stories[0].topic = stories[1].topic = RARE_TOPIC
        at = asked(teller, stories[0])
        solve(teller, stories[0], at + HOUR)
        solve(teller, stories[1], asked(teller, stories[1], at + HOUR + gap) + HOUR)

    return group


def _window_edges(teller: Teller, stories: list[Story]) -> None:
    """Resolved exactly a window before the end, and a second too late for it to have closed."""
    for number, s in enumerate(stories):
        asked(teller, s, END - FCR_WINDOW - DAY)
        s.topic = RARE_TOPIC
        solve(teller, s, END - FCR_WINDOW + number)


GROUPS: tuple[tuple[Callable[[Teller, list[Story]], None], int], ...] = (
    (_chain, 3),
    (_into_the_first, 2),
    (_into_spam, 2),
    (_shared_session, 2),
    (_twins, 2),
    (_follow_up(0), 2),
    (_follow_up(FCR_WINDOW), 2),
    (_follow_up(FCR_WINDOW + 1), 2),
    (_window_edges, 2),
)
TWISTED = 1 + len(TWISTS) + sum(size for _, size in GROUPS)
"""How many places at the beginning of a chunk may be twisted."""


def merge(teller: Teller, source: Story, target: Story, at: int) -> None:
    """Merge one ticket into another at an instant: it is closed, and its history says so."""
    source.merged_into = target.ticket_id
    teller.event(source, at, "merged", "", target.ticket_id, AGENT)
    teller.status(source, at, "closed", AGENT)


def merge_at_random(teller: Teller) -> None:
    """Merge some of the tickets that a customer wrote twice within two days, most into the earlier one."""
    last: dict[tuple[str, str], Story] = {}
    for s in teller.stories[TWISTED:]:
        if not s.customer or not s.topic:
            continue
        key = (s.customer, s.topic)
        before = last.get(key)
        last[key] = s
        if before is None or teller.rnd() > 0.6 or abs(s.created - before.created) > 2 * DAY:
            continue
        source, target = (s, before) if teller.rnd() < 0.8 else (before, s)
        # A ticket is merged once, and only if the other does not lead back to it.
        if source.merged_into or _leads_to(teller, target, source):
            continue
        at = max(source.created, target.created) + HOUR
        if at > END:
            continue
        # Whatever would have happened after the merge did not.
        source.events = [event for event in source.events if event.at < at]
        source.messages = [message for message in source.messages if message.at < at]
        source.status = "new"
        settle(source, END)
        merge(teller, source, target, at)
        settle(source, END)


def _leads_to(teller: Teller, start: Story, end: Story) -> bool:
    base = teller.chunk * 1_000
    here = start
    while here.merged_into:
        here = teller.stories[int(here.merged_into[1:]) - base]
    return here is end


def lay_twists(teller: Teller) -> None:
    """Lay the twists over the first tickets of a chunk; the very first chunk begins with the last second."""
    stories = teller.stories
    place = 0
    if teller.chunk == 0:
        last_second(teller, stories[0])
        place = 1
    for twist in TWISTS:
        if place < len(stories):
            twist(teller, stories[place])
        place += 1
    for group, size in GROUPS:
        if place + size <= len(stories):
            group(teller, stories[place : place + size])
        place += size
