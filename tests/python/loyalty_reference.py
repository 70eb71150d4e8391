"""Retention, cohorts, repeat purchase and what follows effort, worked out from the definitions.

A second opinion on the warehouse in plain Python: no SQL, one customer after the other, exact sums.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import sqrt
from zoneinfo import ZoneInfo

from loyalty_tables import Books, Order

Z = 1.959963984540054
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Interval = tuple[float, float]


@dataclass(frozen=True)
class Ticket:
    """A countable ticket of a known customer."""

    ticket_id: str
    customer: str
    at: datetime


@dataclass(frozen=True)
class Answer:
    """An answered survey that counts, with the instant of the answer."""

    response_id: str
    survey_type: str
    customer: str
    at: datetime
    ease: float | None
    nps_group: str


@dataclass(frozen=True)
class Settings:
    """What the warehouse was built with."""

    as_of: datetime
    zone: ZoneInfo
    window: timedelta


@dataclass(frozen=True)
class Stay:
    """A customer in a period: active at its start and end, with the amounts (None where not known)."""

    customer: str
    at_start: bool
    at_end: bool
    amount_at_start: Decimal | None
    amount_at_end: Decimal | None


def wilson(hits: int, trials: int) -> Interval:
    """The 95 % interval of a share (Wilson 1927)."""
    share, room = hits / trials, Z * Z / trials
    middle = share + room / 2
    reach = Z * sqrt(share * (1 - share) / trials + room / (4 * trials))
    return max(0.0, (middle - reach) / (1 + room)), min(1.0, (middle + reach) / (1 + room))


def newcombe(hits: int, trials: int, other_hits: int, other_trials: int) -> Interval:
    """The 95 % interval of a difference of two shares (Newcombe 1998, method 10)."""
    share, other = hits / trials, other_hits / other_trials
    (low, high), (other_low, other_high) = wilson(hits, trials), wilson(other_hits, other_trials)
    return (
        share - other - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        share - other + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def next_month(month: date, months: int = 1) -> date:
    """The first day of the month some months later."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def first_of(grain: str, when: date) -> date:
    """The first day of the period that holds a date."""
    if grain == "day":
        return when
    if grain == "week":
        return when - timedelta(days=when.weekday())
    if grain == "month":
        return when.replace(day=1)
    if grain == "quarter":
        return date(when.year, (when.month - 1) // 3 * 3 + 1, 1)
    return date(when.year, 1, 1)


class Reference:
    """The account of one operation.

    Args:
        books: customers, orders and subscriptions.
        tickets: countable tickets.
        answers: answered surveys that count.
        settings: as_of, zone and window.
    """

    def __init__(
        self, books: Books, tickets: Iterable[Ticket], answers: Iterable[Answer], settings: Settings
    ) -> None:
        self.books = books
        self.settings = settings
        self.by_subscription = bool(books.subscriptions)
        self.tickets: dict[str, list[Ticket]] = defaultdict(list)
        for ticket in tickets:
            self.tickets[ticket.customer].append(ticket)
        self.answers: dict[str, list[Answer]] = defaultdict(list)
        for answer in sorted(answers, key=lambda one: (one.at, one.response_id)):
            self.answers[answer.customer].append(answer)
        self.orders: dict[str, list[Order]] = defaultdict(list)
        for order in sorted(books.orders, key=lambda one: one.at):
            self.orders[order.customer].append(order)
        self.holders = {subscription.customer for subscription in books.subscriptions}
        self.running = defaultdict(list)
        for subscription in books.subscriptions:
            self.running[subscription.customer].append(subscription)
        self.customers = self.holders | set(self.orders)
        self.months = self._covered_months()

    def local(self, at: datetime) -> date:
        """The day of an instant in the reporting zone."""
        return at.astimezone(self.settings.zone).date()

    def midnight(self, when: date) -> datetime:
        """The instant with which a day begins in the reporting zone."""
        return datetime(when.year, when.month, when.day, tzinfo=self.settings.zone).astimezone(UTC)

    def _covered_months(self) -> list[date]:
        """First days of the months whose beginning is covered, up to as_of."""
        if self.by_subscription:
            start = min(subscription.start for subscription in self.books.subscriptions)
        else:
            start = self.local(min(order.at for order in self.books.orders))
        months = []
        month = start.replace(day=1)
        while self.midnight(month) <= self.settings.as_of:
            if self.by_subscription:
                is_covered = month >= start
            else:
                first = min(order.at for order in self.books.orders)
                is_covered = self.midnight(month) >= first + self.settings.window
            if is_covered:
                months.append(month)
            month = next_month(month)
        return months

    def is_active(self, customer: str, at: datetime) -> bool:
        """Whether a customer is active at an instant."""
        if self.by_subscription:
            return any(one.runs(self.local(at)) for one in self.running[customer])
        return any(at - self.settings.window < order.at <= at for order in self.orders[customer])

    def amount(self, customer: str, when: date) -> Decimal | None:
        """The monthly amount that runs on a day; 0 where none does, None where it is not known."""
        if not self.by_subscription:
            return None
        total = Decimal(0)
        for one in self.running[customer]:
            if one.runs(when):
                rate = self.books.rates.on(one.currency, when)
                if rate is None:
                    return None
                total += one.amount * rate
        return total

    def periods(self) -> list[tuple[str, date, date]]:
        """Grain, first day and end of the periods wholly covered."""
        known = set(self.months)
        return [
            (grain, month, next_month(month, length))
            for grain, length in MONTHS.items()
            for month in self.months
            if first_of(grain, month) == month and next_month(month, length) in known
        ]

    def stays(self, start: date, end: date) -> list[Stay]:
        """The customers active at the start or the end of a period."""
        found = []
        for customer in self.customers:
            at_start = self.is_active(customer, self.midnight(start))
            at_end = self.is_active(customer, self.midnight(end))
            if at_start or at_end:
                found.append(
                    Stay(customer, at_start, at_end, self.amount(customer, start), self.amount(customer, end))
                )
        return found

    def members(self, customer: str) -> list[tuple[str, str]]:
        """The dimension members for which a customer counts."""
        line, segment = self.books.members.get(customer, (("unknown",), "unknown"))
        return [("all", "all"), ("segment", segment), *(("business_unit", unit) for unit in line)]

    def retention(self) -> dict[tuple[str, str, date, str, str], tuple[Decimal, Decimal, int]]:
        """Numerator, denominator and sample size by KPI, grain, start, dimension and member."""
        parts: dict[tuple[str, str, date, str, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for grain, start, end in self.periods():
            for stay in self.stays(start, end):
                if not stay.at_start:
                    continue
                for dimension, member in self.members(stay.customer):
                    place = (grain, start, dimension, member)
                    parts["customer_retention_rate", *place].append((Decimal(stay.at_end), Decimal(1)))
                    before, after = stay.amount_at_start, stay.amount_at_end
                    if before is not None and after is not None:
                        parts["gross_revenue_retention", *place].append((min(before, after), before))
                        parts["net_revenue_retention", *place].append((after, before))
        return {
            place: (
                sum((top for top, _ in pairs), Decimal(0)),
                sum((low for _, low in pairs), Decimal(0)),
                len(pairs),
            )
            for place, pairs in parts.items()
        }

    def customer_months(self) -> dict[tuple[str, date], tuple[Stay, int]]:
        """Every customer and month with activity at one of its ends, and the tickets created in it."""
        return {
            (stay.customer, start): (
                stay,
                sum(
                    first_of("month", self.local(ticket.at)) == start
                    for ticket in self.tickets[stay.customer]
                ),
            )
            for grain, start, end in self.periods()
            if grain == "month"
            for stay in self.stays(start, end)
        }

    def cohorts(self) -> dict[tuple[date, int], tuple[int, int, Decimal | None]]:
        """Customers, retained and amount by cohort month and age in months."""
        members: dict[date, list[tuple[str, date]]] = defaultdict(list)
        whole = {start for grain, start, _ in self.periods() if grain == "month"}
        for customer in self.customers:
            if self.by_subscription:
                days = [one.start for one in self.running[customer] if one.start < one.end]
            else:
                days = [self.local(order.at) for order in self.orders[customer]]
            if days and min(days).replace(day=1) in whole:
                members[min(days).replace(day=1)].append((customer, min(days)))
        found = {}
        for month, people in members.items():
            found[month, 0] = (len(people), len(people), self._sum(self.amount(*one) for one in people))
            for age in range(1, len(self.months)):
                later = next_month(month, age)
                if later not in self.months:
                    break
                active = [name for name, _ in people if self.is_active(name, self.midnight(later))]
                amount = self._sum(self.amount(name, later) for name in active)
                found[month, age] = (len(people), len(active), amount)
        return found

    def _sum(self, amounts: Iterable[Decimal | None]) -> Decimal | None:
        known = list(amounts)
        if not self.by_subscription or any(amount is None for amount in known):
            return None
        return sum((amount for amount in known if amount is not None), Decimal(0))

    def repeat_purchase(self) -> dict[tuple[str, date, str, str], tuple[int, int]]:
        """Buyers who bought before, and buyers, by grain, start, dimension and member."""
        buyers: dict[tuple[str, date, str, str], dict[str, bool]] = defaultdict(dict)
        for customer, orders in self.orders.items():
            for order in orders:
                is_repeat = order.at > orders[0].at
                for grain in ("day", "week", *MONTHS):
                    start = first_of(grain, self.local(order.at))
                    for dimension, member in self.members(customer):
                        found = buyers[grain, start, dimension, member]
                        found[customer] = found.get(customer, False) or is_repeat
        return {place: (sum(found.values()), len(found)) for place, found in buyers.items()}

    def band(self, answer: Answer) -> str:
        """The band of effort of a CES answer."""
        assert answer.ease is not None
        thirds = round(answer.ease * 3, 9)
        return "low_effort" if thirds >= 2 else "high_effort" if thirds < 1 else "medium_effort"

    def effort_loyalty(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Answers with the outcome, and answers of which it can be told, by band and outcome."""
        told: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for customer, answers in self.answers.items():
            for answer in answers:
                if answer.survey_type != "ces":
                    continue
                month, quarter = answer.at + timedelta(days=30), answer.at + timedelta(days=90)
                band = self.band(answer)
                if month <= self.settings.as_of:
                    came = any(answer.at < ticket.at <= month for ticket in self.tickets[customer])
                    told[band, "new_ticket_within_30_days"].append(came)
                if quarter > self.settings.as_of:
                    continue
                if self.books.orders:
                    bought = any(answer.at < order.at <= quarter for order in self.orders[customer])
                    told[band, "bought_within_90_days"].append(bought)
                following = [
                    one.nps_group == "promoter"
                    for one in answers
                    if one.survey_type == "nps" and answer.at < one.at <= quarter
                ]
                if following:
                    told[band, "next_nps_promoter_within_90_days"].append(following[0])
                if self.is_active(customer, answer.at):
                    told[band, "active_after_90_days"].append(self.is_active(customer, quarter))
        return {place: (sum(outcomes), len(outcomes)) for place, outcomes in told.items()}

    def retention_by_support(self) -> dict[tuple[str, date, str], tuple[int, int]]:
        """Retained and all customers by grain, start and group."""
        groups: dict[tuple[str, date, str], list[bool]] = defaultdict(list)
        for grain, start, end in self.periods():
            for stay in self.stays(start, end):
                if not stay.at_start:
                    continue
                wrote = any(start <= self.local(ticket.at) < end for ticket in self.tickets[stay.customer])
                groups[grain, start, "had_ticket" if wrote else "no_ticket"].append(stay.at_end)
                answers = [
                    answer
                    for answer in self.answers[stay.customer]
                    if answer.survey_type == "ces" and start <= self.local(answer.at) < end
                ]
                if answers:
                    groups[grain, start, self.band(answers[-1])].append(stay.at_end)
        return {place: (sum(kept), len(kept)) for place, kept in groups.items()}
