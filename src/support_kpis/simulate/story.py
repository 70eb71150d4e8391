"""The story of a ticket: what happened, in the order in which it is told.

A story holds events and messages with their instants, and the ticket's own columns. Nothing in it is dirty
and nothing is derived: the accounting works out what is true of it, and the writers turn it into raw rows.
"""

from __future__ import annotations

from typing import NamedTuple

UNSOLVED = ("new", "open", "pending", "hold")
SOLVED = ("solved", "closed")


class Event(NamedTuple):
    """One entry of a ticket's history; an empty text is a missing value."""

    at: int
    sequence: int | None
    event_id: str
    kind: str
    old: str
    new: str
    actor_type: str
    actor: str
    reason: str


class Message(NamedTuple):
    """One interaction row. Seconds are None where they are not known."""

    at: int
    message_id: str
    session: str
    ended: int | None
    channel: str
    direction: str
    author_type: str
    author: str
    is_public: bool
    talk: float | None
    hold: float | None
    wrap_up: float | None
    queue: float | None
    concurrency: float | None
    is_abandoned: bool
    body: str


class Survey(NamedTuple):
    """One survey that was sent, with or without an answer."""

    response_id: str
    kind: str
    sent: int | None
    responded: int | None
    ticket: str
    customer: str
    unit: str
    wave: str
    score: int | None
    scale: tuple[int, int] | None
    is_reversed: bool
    comment: str
    language: str


class Story:
    """A ticket with all that belongs to it. Columns are those of the raw table at the time of loading."""

    __slots__ = (
        "articles",
        "assignee",
        "channel",
        "created",
        "customer",
        "deleted",
        "events",
        "kind",
        "merged_into",
        "messages",
        "numbered",
        "person",
        "priority",
        "source",
        "spam",
        "status",
        "subject",
        "surveys",
        "tags",
        "team",
        "test",
        "ticket_id",
        "topic",
        "unit",
        "updated",
    )

    def __init__(self, ticket_id: str, created: int, channel: str, customer: str, person: int) -> None:
        self.ticket_id = ticket_id
        self.created = created
        self.updated = created
        self.channel = channel
        self.customer = customer
        self.person = person
        self.source = ""
        self.status = "new"
        self.priority = "normal"
        self.kind = "question"
        self.subject = ""
        self.topic = ""
        self.assignee = ""
        self.team = ""
        self.unit = ""
        self.merged_into = ""
        self.spam = False
        self.test = False
        self.deleted = False
        self.tags = ""
        self.numbered = False
        self.events: list[Event] = []
        self.messages: list[Message] = []
        self.surveys: list[Survey] = []
        self.articles: list[tuple[str, int]] = []


def event_order(event: Event) -> tuple[int, bool, int, str]:
    """The order of a history: instant, sequence (missing last), id."""
    return event.at, event.sequence is None, event.sequence or 0, event.event_id


def message_order(message: Message) -> tuple[int, str]:
    """The order of messages: instant, then id."""
    return message.at, message.message_id


_COLUMNS = {"status": "status", "assignee": "assignee", "team": "team", "priority": "priority"}


def settle(story: Story, end: int) -> None:
    """Cut a story at the end of the operation and let its columns say how it stood then.

    Args:
        story: the story; its events and messages are sorted, and those after the end are forgotten.
        end: the last instant of the operation.
    """
    history = story.events
    history.sort(key=event_order)
    if history and history[-1].at > end:
        story.events = [event for event in history if event.at <= end]
    story.messages.sort(key=message_order)
    story.messages = [
        message if message.ended is None or message.ended <= end else message._replace(ended=None)
        for message in story.messages
        if message.at <= end
    ]
    last = story.created
    seen = set()
    for event in history:
        kind = event.kind
        if kind in _COLUMNS:
            column = _COLUMNS[kind]
            if kind not in seen:
                seen.add(kind)
                setattr(story, column, event.old or ("new" if kind == "status" else ""))
            if event.at <= end:
                setattr(story, column, event.new)
        if event.at <= end:
            last = max(last, event.at)
    if story.messages:
        last = max(last, story.messages[-1].at)
    story.updated = last
