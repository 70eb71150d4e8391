"""Who and what the simulated operation consists of: units, teams, schedules, topics, policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from support_kpis.simulate.calendar import Hours, Schedule

REPORTING_CURRENCY = "USD"

UNITS: tuple[tuple[str, str, str], ...] = (
    ("bu-meridian", "Meridian Holdings", ""),
    ("bu-retail", "Retail division", "bu-meridian"),
    ("bu-cloud", "Cloud division", "bu-meridian"),
    ("bu-travel", "Travel division", "bu-meridian"),
    ("bu-shop-eu", "Shops Europe", "bu-retail"),
    ("bu-shop-us", "Shops America", "bu-retail"),
    ("bu-shop-apac", "Shops Pacific", "bu-retail"),
    ("bu-hosting", "Hosting", "bu-cloud"),
    ("bu-payments", "Payments", "bu-cloud"),
    ("bu-rail", "Rail tickets", "bu-travel"),
    ("bu-stays", "Stays", "bu-travel"),
    # Its parent is in no list: the reference is kept and counts as unknown.
    ("bu-antiques", "Antiques", "bu-sold-long-ago"),
)


@dataclass(frozen=True)
class Team:
    """A support team: its tier, the unit that it belongs to and the schedule that it works by."""

    team_id: str
    name: str
    tier: int
    unit: str
    schedule: str
    volume: float
    """The share of new tickets that come to the team, relative to the others; 0 beyond the front line."""
    zone_hours: int
    """Hours that the local clock is ahead of UTC, roughly: when its customers are awake."""
    serves: str = ""
    """The unit whose customers write to a team of the front line."""


TEAMS: tuple[Team, ...] = (
    Team("team-eu", "Europe front desk", 1, "bu-shop-eu", "sch-berlin", 1.5, 1, "bu-shop-eu"),
    Team("team-us", "America front desk", 1, "bu-shop-us", "sch-new-york", 1.5, -5, "bu-shop-us"),
    Team("team-apac", "Pacific front desk", 1, "bu-shop-apac", "sch-sydney", 0.8, 10, "bu-shop-apac"),
    Team("team-hosting", "Hosting helpdesk", 1, "bu-hosting", "sch-kolkata", 1.0, 5, "bu-hosting"),
    Team("team-chat", "Payments live chat", 1, "bu-payments", "sch-always", 1.5, -6, "bu-payments"),
    Team("team-rail", "Rail desk", 1, "bu-rail", "sch-london", 0.8, 0, "bu-rail"),
    Team("team-stays", "Stays night desk", 1, "bu-stays", "sch-night", 0.6, 1, "bu-stays"),
    Team("team-legacy", "Desk of the old brand", 1, "bu-travel", "sch-atlantis", 0.1, 0, "bu-stays"),
    Team("team-care", "Retail second line", 2, "bu-retail", "sch-berlin", 0, 1),
    Team("team-tech", "Hosting engineers", 2, "bu-hosting", "sch-kolkata", 0, 5),
    Team("team-billing", "Billing specialists", 2, "bu-payments", "sch-new-york", 0, -5),
    Team("team-trips", "Travel second line", 2, "bu-travel", "sch-london", 0, 0),
    Team("team-experts", "Experts on call", 3, "bu-cloud", "sch-always", 0, -6),
    Team("team-legal", "Legal and privacy", 3, "bu-meridian", "", 0, 1),
)

SECOND_LINE = {
    "team-eu": "team-care",
    "team-us": "team-care",
    "team-apac": "team-care",
    "team-hosting": "team-tech",
    "team-chat": "team-billing",
    "team-rail": "team-trips",
    "team-stays": "team-trips",
    "team-legacy": "team-trips",
}
THIRD_LINE = {
    "team-care": "team-legal",
    "team-tech": "team-experts",
    "team-billing": "team-experts",
    "team-trips": "team-legal",
}


def _week(
    days: range, *spans: tuple[int, int], since: date | None = None, until: date | None = None
) -> list[Hours]:
    return [Hours(day, start * 60, end * 60, since, until) for day in days for start, end in spans]


_WORKDAYS = range(1, 6)
_ALL_DAYS = range(1, 8)
_LONGER_SINCE = date(2024, 7, 1)


def schedules() -> dict[str, Schedule]:
    """The schedules by id: lunch breaks, half-hour zones, nights across midnight, a change of hours, 24/7."""
    made = [
        Schedule(
            "sch-berlin",
            "Berlin office, closed at lunch",
            "Europe/Berlin",
            (*_week(_WORKDAYS, (8, 12), (13, 18)),),
        ),
        Schedule(
            "sch-new-york",
            "New York office and Saturdays",
            "America/New_York",
            # The early and the late shift overlap; the hours are open once.
            (*_week(_WORKDAYS, (8, 15), (12, 20)), *_week(range(6, 7), (10, 16))),
        ),
        Schedule("sch-sydney", "Sydney office", "Australia/Sydney", (*_week(_WORKDAYS, (9, 18)),)),
        Schedule("sch-kolkata", "Kolkata, noon to midnight", "Asia/Kolkata", (*_week(_ALL_DAYS, (12, 24)),)),
        Schedule("sch-always", "Around the clock", "America/Chicago", (*_week(_ALL_DAYS, (0, 24)),)),
        Schedule(
            "sch-london",
            "London, longer since July 2024",
            "Europe/London",
            (
                *_week(_WORKDAYS, (9, 17), until=_LONGER_SINCE),
                *_week(range(1, 7), (7, 21), since=_LONGER_SINCE),
                # A validity that ends before it starts is never in force.
                Hours(7, 0, 24 * 60, date(2024, 9, 1), date(2024, 8, 1)),
            ),
        ),
        Schedule("sch-night", "Night desk", "Europe/Berlin", (*_week(_ALL_DAYS, (0, 6), (20, 24)),)),
    ]
    return {schedule.schedule_id: schedule for schedule in made}


HOLIDAYS: dict[str, tuple[tuple[int, int, str], ...]] = {
    "sch-berlin": (
        (1, 1, "New Year"),
        (5, 1, "Labour Day"),
        (10, 3, "Unity Day"),
        (12, 25, "Christmas"),
        (12, 26, "Boxing Day"),
    ),
    "sch-new-york": ((1, 1, "New Year"), (7, 4, "Independence Day"), (12, 25, "Christmas")),
    "sch-sydney": ((1, 1, "New Year"), (1, 26, "Australia Day"), (4, 25, "Anzac Day"), (12, 25, "Christmas")),
    "sch-kolkata": ((1, 26, "Republic Day"), (8, 15, "Independence Day"), (10, 2, "Gandhi Jayanti")),
    "sch-london": ((1, 1, "New Year"), (12, 25, "Christmas"), (12, 26, "Boxing Day")),
}


@dataclass(frozen=True)
class Topic:
    """What tickets are about; ``has_article`` is false for the planted gaps of the knowledge base."""

    topic_id: str
    name: str
    is_first_line_resolvable: bool
    has_article: bool
    volume: float


TOPICS: tuple[Topic, ...] = (
    Topic("topic-delivery", "Where is my parcel", True, True, 3.0),
    Topic("topic-refund", "Refunds and returns", True, True, 2.0),
    Topic("topic-invoice", "Invoices", True, True, 1.6),
    Topic("topic-login", "Cannot sign in", True, True, 2.0),
    Topic("topic-damage", "Broken on arrival", False, True, 0.8),
    Topic("topic-outage", "Service is down", False, True, 0.8),
    Topic("topic-change", "Change of a booking", True, True, 1.5),
    Topic("topic-card", "Card declined", True, True, 1.3),
    Topic("topic-privacy", "Copy of my data", True, False, 0.8),
    Topic("topic-customs", "Customs and duties", True, False, 0.7),
    Topic("topic-praise", "Praise and ideas", True, True, 0.6),
)
GAP_TOPICS = tuple(topic.topic_id for topic in TOPICS if not topic.has_article)

SEGMENTS = ("consumer", "small business", "enterprise", "public sector")

_GENERAL_TARGETS = (
    ("first_response", "business", ("480", "240", "120", "30")),
    ("next_response", "business", ("720", "480", "240", "60")),
    ("resolution", "calendar", ("10080", "5760", "2880", "1440")),
)
POLICIES: tuple[tuple[str, ...], ...] = (
    *(
        (f"sla-{metric[:5]}-{priority}", metric, priority, "", minutes, clock, "", "")
        for metric, clock, targets in _GENERAL_TARGETS
        for priority, minutes in zip(("low", "normal", "high", "urgent"), targets, strict=True)
    ),
    ("sla-pay-old", "first_response", "normal", "bu-payments", "30", "calendar", "", "2024-07-01 00:00:00"),
    ("sla-pay", "first_response", "normal", "bu-payments", "15.5", "calendar", "2024-07-01 00:00:00", ""),
    ("sla-rail-resolve", "resolution", "high", "bu-rail", "480", "business", "", ""),
)
"""Policy, metric, priority, unit, target in minutes, clock, valid from and valid to, as they are landed."""

# Units of the reporting currency for one of each, before the small changes from week to week; in ten-
# thousandths.
CURRENCIES: dict[str, int] = {"EUR": 10_850, "GBP": 12_700, "AUD": 6_600, "INR": 120}
LATE_CURRENCY = "CHF"
"""A currency whose rates begin in the middle of the operation: earlier orders in it have no rate."""
LATE_RATE = 11_300
UNIT_CURRENCY = {
    "bu-shop-eu": "EUR",
    "bu-rail": "GBP",
    "bu-stays": "EUR",
    "bu-shop-apac": "AUD",
    "bu-hosting": "INR",
    "bu-antiques": "CHF",
}
