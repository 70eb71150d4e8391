"""What can be wrong with the rows of a chunk: every kind of fault that the contract names.

The broken values stand beside the reason for which the gate has to reject the row.
"""

from __future__ import annotations

from dataclasses import dataclass

from support_kpis.simulate.organisation import LATE_CURRENCY
from support_kpis.simulate.tables import RAW

_ONE_SECOND_TOO_LATE = "the day after loading, plus a second"


@dataclass(frozen=True)
class Fault:
    """A way to break a row: values that make it so, and the reason for which it is rejected.

    ``detail`` is told where the values do not speak for themselves; ``after_loading`` sets loaded_at so
    that the time in that column comes a second too late.
    """

    table: str
    reason: str
    values: dict[str, str]
    detail: str = ""
    after_loading: str = ""


def _faults(table: str, reason: str, *changes: dict[str, str]) -> tuple[Fault, ...]:
    return tuple(Fault(table, reason, change) for change in changes)


def _each(table: str, reason: str, column: str, *values: str) -> tuple[Fault, ...]:
    return tuple(Fault(table, reason, {column: value}) for value in values)


def _missing(*tables: str) -> tuple[Fault, ...]:
    return tuple(
        Fault(table, "missing_required", {column: ""}) for table in tables for column in RAW[table].required
    )


_ANSWERED = {"sent_at": "2024-05-01 10:00:00", "responded_at": "2024-05-02 10:00:00"}
_UNLINKED = _ANSWERED | {"ticket_id": "", "loaded_at": "2024-05-02 12:00:00"}
_CSAT = _UNLINKED | {"survey_type": "csat", "scale_min": "", "scale_max": "", "is_reversed": ""}
_NPS = _CSAT | {"survey_type": "nps"}

FAULTS: tuple[Fault, ...] = (
    *_missing("tickets", "ticket_events", "interactions", "survey_responses"),
    *_missing("customers", "accounts", "ticket_articles", "orders", "subscriptions"),
    Fault(
        "ticket_events",
        "missing_required",
        {"event_type": "status", "to_value": ""},
        "a status event to nowhere",
    ),
    Fault("tickets", "missing_required", {"status": "", "priority": "whenever"}, "the first of two reasons"),
    # Values that their type cannot read.
    *_each(
        "tickets",
        "unreadable_value",
        "created_at",
        "yesterday",
        "2024-02-30 10:00:00",
        "2024-05-01 24:00:00",
        "01/02/2024",
        "2024-05-01 10:61:00",
        "20240501",
    ),
    *_each("tickets", "unreadable_value", "updated_at", "2024-05-01 10h"),
    *_each("tickets", "unreadable_value", "is_spam", "perhaps"),
    *_each("ticket_events", "unreadable_value", "occurred_at", "2024-13-01 00:00:00"),
    *_each("ticket_events", "unreadable_value", "sequence", "3.7", "first"),
    *_each("interactions", "unreadable_value", "started_at", "noon"),
    *_each("interactions", "unreadable_value", "ended_at", "2024-06-31"),
    *_each("interactions", "unreadable_value", "is_public", "2"),
    *_each("interactions", "unreadable_value", "talk_seconds", "nan", "1_000", "1,000"),
    *_each("interactions", "unreadable_value", "queue_seconds", "inf", "-Infinity"),
    *_each("interactions", "unreadable_value", "concurrency", "two"),
    *_each("survey_responses", "unreadable_value", "score", "five", "NaN"),
    *_each("survey_responses", "unreadable_value", "responded_at", "later"),
    *_each("survey_responses", "unreadable_value", "is_reversed", "backwards"),
    *_each("customers", "unreadable_value", "created_at", "long ago"),
    *_each("customers", "unreadable_value", "erased_at", "please"),
    *_each("ticket_articles", "unreadable_value", "linked_at", "2024-04-31 00:00:00"),
    *_each("orders", "unreadable_value", "amount", "12,50", "free"),
    *_each("orders", "unreadable_value", "refunded_amount", "none"),
    *_each("orders", "unreadable_value", "ordered_at", "2024-05-01T10:00:00 UTC"),
    *_each("subscriptions", "unreadable_value", "started_on", "2023-02-29", "May 2024"),
    *_each("subscriptions", "unreadable_value", "monthly_amount", "ten"),
    # Values that are none of the listed ones.
    *_each("tickets", "value_not_allowed", "status", "waiting-for-parts"),
    *_each("tickets", "value_not_allowed", "priority", "whenever"),
    *_each("tickets", "value_not_allowed", "ticket_type", "riddle"),
    *_each("ticket_events", "value_not_allowed", "event_type", "teleported"),
    *_each("ticket_events", "value_not_allowed", "actor_type", "ghost"),
    *_faults("ticket_events", "value_not_allowed", {"event_type": "status", "to_value": "limbo"}),
    *_each("interactions", "value_not_allowed", "direction", "sideways"),
    *_each("interactions", "value_not_allowed", "author_type", "oracle"),
    *_each("survey_responses", "value_not_allowed", "survey_type", "vibes"),
    # Seconds, ends and scores.
    *_each("interactions", "negative_seconds", "talk_seconds", "-1"),
    *_each("interactions", "negative_seconds", "hold_seconds", "-0.5"),
    *_each("interactions", "negative_seconds", "wrap_up_seconds", "-20"),
    *_each("interactions", "negative_seconds", "queue_seconds", "-3"),
    *_faults("interactions", "negative_seconds", {"talk_seconds": "-1", "ended_at": "2001-01-01 00:00:00"}),
    *_each("interactions", "end_before_start", "ended_at", "2001-01-01 00:00:00"),
    *_faults("subscriptions", "end_before_start", {"started_on": "2024-06-02", "ended_on": "2024-06-01"}),
    *_faults(
        "survey_responses",
        "score_outside_scale",
        _CSAT | {"score": "6"},
        _CSAT | {"score": "0"},
        _NPS | {"score": "11"},
        _NPS | {"score": "-1"},
        _CSAT | {"survey_type": "ces", "score": "8", "scale_min": "1", "scale_max": "7"},
        _CSAT | {"survey_type": "fcr", "score": "2"},
        # Also answered before it was sent, which is the later reason.
        _CSAT | {"score": "9", "responded_at": "2024-04-01 10:00:00"},
        # Within no scale at all, and the scale is upside down, which is the later reason.
        _CSAT | {"score": "3", "scale_min": "5", "scale_max": "1"},
    ),
    *_faults(
        "survey_responses",
        "answer_before_sent",
        _CSAT | {"score": "4", "sent_at": "2024-05-02 10:00:01"},
        _CSAT | {"score": "", "sent_at": "2024-05-02T12:00:01+02:00", "responded_at": "2024-05-02 10:00:00"},
    ),
    # Times after loading. A survey is dated by its answer, else by its sending.
    Fault("tickets", "after_loading", {}, _ONE_SECOND_TOO_LATE, "created_at"),
    Fault("ticket_events", "after_loading", {}, _ONE_SECOND_TOO_LATE, "occurred_at"),
    Fault("interactions", "after_loading", {}, _ONE_SECOND_TOO_LATE, "started_at"),
    Fault("orders", "after_loading", {}, _ONE_SECOND_TOO_LATE, "ordered_at"),
    Fault("survey_responses", "after_loading", _CSAT | {"score": "4"}, _ONE_SECOND_TOO_LATE, "responded_at"),
    Fault(
        "survey_responses",
        "after_loading",
        _CSAT | {"score": "", "responded_at": ""},
        _ONE_SECOND_TOO_LATE,
        "sent_at",
    ),
    # Parents that do not exist.
    *(
        Fault(table, "missing_parent", {"ticket_id": "t-nowhere"})
        for table in ("ticket_events", "interactions", "ticket_articles")
    ),
    *_faults("survey_responses", "missing_parent", _CSAT | {"score": "4", "ticket_id": "t-nowhere"}),
    # What the KPI page and the fine print add.
    *_faults(
        "survey_responses",
        "invalid_nps_scale",
        _NPS | {"score": "3", "scale_min": "1", "scale_max": "5"},
        _NPS | {"score": "3", "scale_max": "7"},
    ),
    *_faults(
        "survey_responses",
        "invalid_scale",
        _CSAT | {"score": "3", "scale_min": "3", "scale_max": "3"},
        _CSAT | {"score": "", "responded_at": "", "scale_min": "7", "scale_max": "1"},
    ),
    *_each("interactions", "invalid_concurrency", "concurrency", "0", "-2"),
    *_each("orders", "missing_exchange_rate", "currency", "XAU"),
    *_faults(
        "orders", "missing_exchange_rate", {"currency": LATE_CURRENCY, "ordered_at": "2012-05-05 12:00:00"}
    ),
)

# Newer versions of sound rows that are broken themselves: the sound row stays.
BROKEN_UPDATES: tuple[Fault, ...] = (
    *_each("tickets", "value_not_allowed", "status", "half-open"),
    *_each("tickets", "unreadable_value", "updated_at", "just now"),
    *_each("ticket_events", "value_not_allowed", "event_type", "vanished"),
    *_each("interactions", "negative_seconds", "talk_seconds", "-7"),
    *_each("survey_responses", "unreadable_value", "score", "great"),
    *_each("customers", "unreadable_value", "created_at", "birth"),
    *_each("orders", "unreadable_value", "amount", "gift"),
    *_each("subscriptions", "unreadable_value", "ended_on", "never"),
    *_each("ticket_articles", "unreadable_value", "linked_at", "once"),
)

# Older versions that a sound row replaces: what they said instead, all of it sound.
OLDER: dict[str, tuple[dict[str, str], ...]] = {
    "tickets": (
        {"status": "open"},
        {"is_spam": "true"},
        {"updated_at": "2025-12-24 18:00:00"},
        {"channel": "fax"},
    ),
    "ticket_events": ({"reason": "first draft"}, {"ticket_id": "t-moved-away"}, {"actor_type": "bot"}),
    "interactions": ({"direction": "internal"}, {"body": "typed in a hurry"}, {"ticket_id": "t-moved-away"}),
    "survey_responses": ({"score": ""}, {"comment": "unfinished"}, {"ticket_id": "t-moved-away"}),
    "customers": ({"name": "Somebody Unmarried"}, {"email": "former@example.org"}),
    "orders": ({"amount": "1.00"}, {"refunded_amount": "0.01"}),
    "subscriptions": ({"monthly_amount": "1.00"},),
    "ticket_articles": ({"linked_at": ""},),
}
# The column that says when a row happened; a row may not be older than a day when it is loaded.
DATED = {
    "tickets": "created_at",
    "ticket_events": "occurred_at",
    "interactions": "started_at",
    "orders": "ordered_at",
}
