"""The pen that tells a ticket: the small steps of a story, each with an id of the chunk's own."""

from __future__ import annotations

import random

from support_kpis.simulate import persons
from support_kpis.simulate.people import Pool
from support_kpis.simulate.story import Event, Message, Story
from support_kpis.simulate.world import BOT, World, lognormal_table

# How many ids each chunk has of its own, so that no chunk needs to know another.
EVENTS_PER_CHUNK = 50_000
MESSAGES_PER_CHUNK = 50_000
SESSIONS_PER_CHUNK = 5_000

_WAIT = lognormal_table(1.1)
_TALK = lognormal_table(0.6)
_WISHES = (
    "my parcel, please",
    "it is late, again",
    'the page says "try later"',
    "I was charged twice",
    "no answer so far,\nand two weeks have passed",
    "ça marche, merci",
    "where can I see it?",
    "please call me back",
)
_ANSWERS = ("Looking into it.", "Please try again now.", "It is on its way.", "Refunded.", "Done, thank you.")


class Pen:
    """Writes the steps of the stories of one chunk.

    Args:
        world: the shared world.
        rng: the source of every draw of the chunk.
        chunk: the chunk's number.
        pool: the chunk's customers.
    """

    def __init__(self, world: World, rng: random.Random, chunk: int, pool: Pool) -> None:
        self.world = world
        self.rng = rng
        self.rnd = rng.random
        self.chunk = chunk
        self.pool = pool
        self.stories: list[Story] = []
        self.asked_orders: list[tuple[int, str]] = []
        """Instant and customer of orders that belong to the stories."""
        self._event = chunk * EVENTS_PER_CHUNK
        self._message = chunk * MESSAGES_PER_CHUNK
        self._session = chunk * SESSIONS_PER_CHUNK

    def event(
        self, s: Story, at: int, kind: str, old: str, new: str, actor: str = "", reason: str = ""
    ) -> None:
        """Write into the history; ``actor`` is an agent's id, ``customer``, or empty for the system."""
        self._event += 1
        actor_type = "agent" if actor else "system"
        if actor == "customer":
            actor_type, actor = "customer", s.customer
        elif actor == BOT:
            actor_type = "bot"
        sequence = len(s.events) + 1 if s.numbered else None
        s.events.append(Event(at, sequence, f"e{self._event:09d}", kind, old, new, actor_type, actor, reason))

    def status(self, s: Story, at: int, new: str, actor: str = "") -> None:
        """Change the status."""
        self.event(s, at, "status", s.status, new, actor)
        s.status = new

    def assign(self, s: Story, at: int, agent: str, actor: str = "") -> None:
        """Give the ticket to an agent."""
        self.event(s, at, "assignee", s.assignee, agent, actor)
        s.assignee = agent

    def route(self, s: Story, at: int, team: str, actor: str = "") -> None:
        """Give the ticket to a team."""
        self.event(s, at, "team", s.team, team, actor)
        s.team = team

    def session(self) -> str:
        """A new chat or call."""
        self._session += 1
        return f"x{self._session:08d}"

    def say(
        self,
        s: Story,
        at: int,
        author_type: str,
        author: str,
        channel: str = "",
        session: str = "",
        *,
        direction: str = "",
        is_public: bool = True,
        ended: int | None = None,
        talk: float | None = None,
        hold: float | None = None,
        wrap_up: float | None = None,
        queue: float | None = None,
        concurrency: float | None = None,
        is_abandoned: bool = False,
        body: str = "",
    ) -> None:
        """Write a message; customers write inbound, everyone else outbound unless said otherwise."""
        self._message += 1
        s.messages.append(
            Message(
                at,
                f"i{self._message:09d}",
                session,
                ended,
                channel or s.channel,
                direction or ("inbound" if author_type == "customer" else "outbound"),
                author_type,
                author,
                is_public,
                talk,
                hold,
                wrap_up,
                queue,
                concurrency,
                is_abandoned,
                body,
            )
        )

    def asks(
        self, s: Story, at: int, channel: str = "", session: str = "", queue: float | None = None
    ) -> None:
        """The customer writes, and often signs with the name."""
        draw = self.rnd()
        wish = _WISHES[int(draw * 80) % len(_WISHES)]
        body = f"{persons.name_of(s.person)}: {wish}" if draw < 0.45 else wish if draw < 0.6 else ""
        self.say(s, at, "customer", s.customer, channel, session, queue=queue, body=body)

    def answers(self, s: Story, at: int, agent: str, channel: str = "") -> None:
        """An agent answers in writing; for two in three the time it took is known."""
        draw = self.rnd()
        wrap_up: float | None = None
        if draw < 0.66:
            wrap_up = int(self.talk(180))
            if draw < 0.05:
                wrap_up += 0.5
        body = _ANSWERS[int(draw * 500) % 5] if 0.4 < draw < 0.6 else ""
        self.say(s, at, "agent", agent, channel, wrap_up=wrap_up, body=body)

    def wait(self, median: float) -> int:
        """A waiting time of people, in whole seconds: lognormal around a median."""
        return 1 + int(median * _WAIT[int(self.rnd() * 1024)])

    def talk(self, median: float) -> int:
        """A length of work or of a queue, in whole seconds, spread less widely than a wait."""
        return int(median * _TALK[int(self.rnd() * 1024)])

    def check_ids(self) -> None:
        """Fail if the chunk has used more ids than it has of its own."""
        chunk = self.chunk + 1
        if (
            self._event > chunk * EVENTS_PER_CHUNK
            or self._message > chunk * MESSAGES_PER_CHUNK
            or self._session > chunk * SESSIONS_PER_CHUNK
        ):
            raise AssertionError(f"chunk {self.chunk} ran out of ids")
