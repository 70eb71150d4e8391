"""One chunk of the simulation: some customers with their tickets, surveys and orders, as raw rows and as
truth.

Nothing leaves a chunk: its customers write only its tickets, its tickets merge only into its own. So a
chunk is made from the seed and its number alone, and the truth needs no more memory than a chunk.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from support_kpis.simulate import people
from support_kpis.simulate.accounting import Account, Timeline, account
from support_kpis.simulate.calendar import DAY, END, HOUR, text
from support_kpis.simulate.listings import Rates, Row, Truth
from support_kpis.simulate.organisation import TOPICS
from support_kpis.simulate.people import Pool
from support_kpis.simulate.persons import name_of
from support_kpis.simulate.story import Story, message_order, settle
from support_kpis.simulate.surveys import Surveyor, survey_rows, survey_truth
from support_kpis.simulate.teller import Teller
from support_kpis.simulate.twist_groups import (
    FCR_WINDOW,
    INFLUENCE_WINDOW,
    TWISTED,
    lay_twists,
    merge_at_random,
)
from support_kpis.simulate.world import World

CHUNK = 1_000
"""Tickets of a full chunk."""
_RESOLVABLE = {topic.topic_id: topic.is_first_line_resolvable for topic in TOPICS}


@dataclass
class Chunk:
    """What a chunk adds to the output."""

    raw: dict[str, list[Row]] = field(default_factory=dict)
    truth: dict[str, list[Truth]] = field(default_factory=dict)
    exclusions: Counter[str] = field(default_factory=Counter)


def make_chunk(world: World, rates: Rates, number: int, size: int) -> Chunk:
    """Simulate one chunk, still without any dirt.

    Args:
        world: the shared world.
        rates: the exchange rates.
        number: the chunk's number, from 0.
        size: its tickets.
    """
    rng = random.Random(f"{world.seed}/chunk/{number}")
    pool = people.make_pool(world, rng, number, size)
    stories, surveyor, asked = _tell(world, rng, number, size, pool)
    orders = people.make_orders(world, rng, number, pool, asked)
    surveys = [survey for s in stories for survey in s.surveys] + surveyor.unlinked
    chunk = Chunk()
    chunk.raw = {
        "tickets": [_ticket_row(s) for s in stories],
        "ticket_events": [row for s in stories for row in _event_rows(s)],
        "interactions": [row for s in stories for row in _message_rows(s)],
        "survey_responses": survey_rows(surveys),
        "customers": people.customer_rows(pool),
        "accounts": pool.accounts,
        "ticket_articles": [
            (s.ticket_id, article, text(at), text(at - at % HOUR + 2 * HOUR))
            for s in stories
            for article, at in s.articles
        ],
        "orders": people.order_rows(orders),
        "subscriptions": people.subscription_rows(world, rng, number, pool),
    }
    books = _Books(world, pool, stories)
    chunk.exclusions = books.exclusions
    chunk.truth = {
        "tickets": books.ticket_truth(),
        "status_spans": books.span_truth(),
        "escalations": books.escalation_truth(),
        "interactions": books.contact_truth(),
        "survey_responses": survey_truth(surveys, pool, books.survivors, books.timelines, books.units),
        "orders": people.order_truth(orders, pool, rates, books.by_customer(), INFLUENCE_WINDOW),
        "customers": people.customer_truth(pool),
    }
    return chunk


def _tell(
    world: World, rng: random.Random, number: int, size: int, pool: Pool
) -> tuple[list[Story], Surveyor, list[tuple[int, str]]]:
    teller = Teller(world, rng, number, pool)
    for place in range(size):
        settle(teller.tell(place), END)
    lay_twists(teller)
    merge_at_random(teller)
    surveyor = Surveyor(rng, number)
    for place, s in enumerate(teller.stories):
        if place >= TWISTED:
            draw = rng.random()
            s.spam, s.test, s.deleted = draw < 0.02, 0.02 <= draw < 0.026, draw > 0.992
            if draw > 0.85:
                # Bought soon after the ticket.
                teller.asked_orders.append((s.created + int((draw - 0.85) * 45 * DAY), s.customer))
        if s.topic in _RESOLVABLE and rng.random() < 0.2:
            s.articles.append((f"kb{1 + int(rng.random() * 24):03d}", s.updated))
        surveyor.after_ticket(s)
    surveyor.twist(teller.stories)
    surveyor.relationship(world, pool)
    teller.check_ids()
    return teller.stories, surveyor, [(at, customer) for at, customer in teller.asked_orders if customer]


class _Books:
    """The accounts of all tickets of a chunk."""

    def __init__(self, world: World, pool: Pool, stories: list[Story]) -> None:
        self._pool = pool
        self._stories = stories
        self.exclusions: Counter[str] = Counter()
        self.reasons: dict[str, str | None] = {}
        by_id = {s.ticket_id: s for s in stories}
        finals: dict[str, str] = {}
        for s in stories:
            here = s
            while here.merged_into:
                here = by_id[here.merged_into]
            finals[s.ticket_id] = here.ticket_id
            reason = (
                "merged"
                if s.merged_into
                else "spam"
                if s.spam
                else "test"
                if s.test
                else "deleted"
                if s.deleted
                else None
            )
            self.reasons[s.ticket_id] = reason
            if reason:
                self.exclusions[reason] += 1
        self.finals = finals
        self.survivors = {ticket: final for ticket, final in finals.items() if self.reasons[final] is None}
        """Each ticket to the countable ticket that it counts for."""
        merged: dict[str, list[Story]] = {}
        for s in stories:
            if s.merged_into:
                merged.setdefault(finals[s.ticket_id], []).append(s)
        self.accounts: dict[str, Account] = {}
        self.timelines: dict[str, Timeline] = {}
        self.units: dict[str, str | None] = {}
        for s in stories:
            if self.reasons[s.ticket_id] is not None:
                continue
            messages = s.messages
            if s.ticket_id in merged:
                messages = sorted(
                    [m for part in (s, *merged[s.ticket_id]) for m in part.messages], key=message_order
                )
            books, timeline = account(s, messages, world, END)
            self.accounts[s.ticket_id] = books
            self.timelines[s.ticket_id] = timeline
            team = world.teams.get(books.team_at_creation or "")
            customer = pool.survivor(s.customer)
            self.units[s.ticket_id] = s.unit or pool.units.get(customer) or (team.unit if team else None)
        self._world = world

    def by_customer(self) -> dict[str, list[tuple[int, str]]]:
        """created_at and id of the countable tickets of each surviving customer, sorted."""
        found: dict[str, list[tuple[int, str]]] = {}
        for s in self._stories:
            if s.ticket_id in self.accounts and s.customer:
                found.setdefault(self._pool.survivor(s.customer), []).append((s.created, s.ticket_id))
        for tickets in found.values():
            tickets.sort()
        return found

    def ticket_truth(self) -> list[Truth]:
        """One row a ticket; of those that do not count only why."""
        by_topic: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for s in self._stories:
            if s.ticket_id in self.accounts and s.customer and s.topic:
                key = (self._pool.survivor(s.customer), s.topic)
                by_topic.setdefault(key, []).append((s.created, s.ticket_id))
        rows: list[Truth] = []
        for s in self._stories:
            reason = self.reasons[s.ticket_id]
            if reason is not None:
                survivor = self.finals[s.ticket_id] if s.merged_into else None
                rows.append((s.ticket_id, reason, survivor, *(None,) * 38))
                continue
            rows.append(self._countable(s, by_topic))
        return rows

    def _countable(self, s: Story, by_topic: dict[tuple[str, str], list[tuple[int, str]]]) -> Truth:
        a = self.accounts[s.ticket_id]
        is_resolved = a.resolved is not None
        answered = a.human_replies > 0
        eligible = a.resolved is not None and answered and a.resolved + FCR_WINDOW <= END
        first_contact: bool | None = None
        if eligible and a.resolved is not None:
            others = (
                by_topic.get((self._pool.survivor(s.customer), s.topic), ()) if s.customer and s.topic else ()
            )
            first_contact = (
                a.inbound_contacts == 1
                and a.reopens == 0
                and not a.escalations
                and not any(
                    a.resolved < created <= a.resolved + FCR_WINDOW and ticket != s.ticket_id
                    for created, ticket in others
                )
            )
        bot_resolved: bool | None = None
        if is_resolved and (answered or a.bot_replies):
            bot_resolved = not answered
        return (
            s.ticket_id,
            None,
            None,
            s.source or "helpdesk",
            self._pool.survivor(s.customer) or None,
            self.units[s.ticket_id],
            a.team_at_creation,
            a.assignee,
            s.channel,
            a.priority,
            s.kind or None,
            s.topic or None,
            a.status,
            a.created,
            a.responded,
            a.first_resolved,
            a.resolved,
            a.is_inferred,
            a.response_seconds,
            a.response_business_seconds,
            a.response_agent,
            None if a.first_resolved is None else a.first_resolved - a.created,
            None if a.resolved is None else a.resolved - a.created,
            a.resolution_business_seconds,
            a.resolution_agent,
            a.resolution_team,
            a.requester_wait,
            a.agent_work,
            a.reopens,
            a.reassignments,
            a.public_contacts,
            a.inbound_contacts,
            a.human_replies,
            a.handle,
            bool(a.escalations),
            a.escalations[0][0] if a.escalations else None,
            is_resolved,
            bot_resolved,
            eligible,
            first_contact,
            _RESOLVABLE.get(s.topic),
        )

    def span_truth(self) -> list[Truth]:
        """One row a ticket and unbroken time in one status; the one that still runs has no end."""
        rows: list[Truth] = []
        for ticket, a in self.accounts.items():
            timeline = self.timelines[ticket]
            schedule = self._world.schedule_of(a.team_at_creation)
            for status, start, end in a.spans:
                calendar = None if end is None else end - start
                business = None if end is None or schedule is None else schedule.business_seconds(start, end)
                rows.append(
                    (
                        ticket,
                        status,
                        start,
                        end,
                        calendar,
                        business,
                        timeline.team(start),
                        timeline.agent(start),
                    )
                )
        return rows

    def escalation_truth(self) -> list[Truth]:
        """One row an escalation."""
        return [
            (ticket, at, place == 0, *rest)
            for ticket, a in self.accounts.items()
            for place, (at, *rest) in enumerate(a.escalations)
        ]

    def contact_truth(self) -> list[Truth]:
        """One row an interaction, under the ticket that survived."""
        return [
            (
                contact.contact_id,
                ticket,
                contact.session or None,
                contact.channel,
                contact.direction,
                contact.author_type,
                contact.author or None,
                contact.is_human,
                contact.is_public,
                contact.started,
                contact.ended,
                contact.handle,
            )
            for ticket, a in self.accounts.items()
            for contact in a.contacts
        ]


def _ticket_row(s: Story) -> Row:
    return (
        s.ticket_id,
        s.source,
        text(s.created),
        text(s.updated),
        s.status,
        s.priority,
        s.kind,
        s.channel,
        s.subject,
        s.topic,
        s.customer,
        s.assignee,
        s.team,
        s.unit,
        s.merged_into,
        "true" if s.spam else "",
        "true" if s.test else "false" if s.person % 5 == 0 else "",
        "true" if s.deleted else "",
        s.tags,
        text(s.updated - s.updated % HOUR + 2 * HOUR),
        name_of(s.person) if s.person % 4 == 0 else "",
    )


def _event_rows(s: Story) -> list[Row]:
    return [
        (
            event.event_id,
            s.ticket_id,
            text(event.at),
            "" if event.sequence is None else str(event.sequence),
            event.kind,
            event.old,
            event.new,
            event.actor_type,
            event.actor,
            event.reason,
            # Most arrive within two hours; for some the loader's clock is late by the whole day that is
            # allowed.
            text(event.at - event.at % HOUR + 2 * HOUR if event.at % 997 else event.at - DAY),
        )
        for event in s.events
    ]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _message_rows(s: Story) -> list[Row]:
    return [
        (
            m.message_id,
            s.ticket_id,
            m.session,
            text(m.at),
            "" if m.ended is None else text(m.ended),
            m.channel,
            m.direction,
            m.author_type,
            m.author,
            "" if m.is_public else "false",
            _seconds(m.talk),
            _seconds(m.hold),
            _seconds(m.wrap_up),
            _seconds(m.queue),
            _seconds(m.concurrency),
            "true" if m.is_abandoned else "",
            m.body,
            text(m.at - m.at % HOUR + 2 * HOUR if m.at % 997 else m.at - DAY),
        )
        for m in s.messages
    ]
