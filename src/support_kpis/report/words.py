"""Figures, dates and verdicts as a reader of the report meets them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from support_kpis.kpis import with_unit

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NOTHING = "–"  # noqa: RUF001 (an en dash stands for a value that is not known)

_VERDICTS = {
    (True, "better"): "real change, for the better",
    (True, "worse"): "real change, for the worse",
    (True, "neutral"): "real change",
    (False, None): "no real change, within chance",
}


def figure(value: float | None, unit: str) -> str:
    """A value as a reader takes it in: long times in hours or days.

    Args:
        value: in the unit; None if not known.
        unit: as the catalogue says it.
    """
    if value is None:
        return NOTHING
    if unit == "minutes" and abs(value) >= 120:
        hours = value / 60
        return f"{hours:,.1f} h" if abs(hours) < 72 else f"{hours / 24:,.1f} days"
    if unit == "money":
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"
    if unit.startswith("points -100"):
        return f"{value:.1f}".replace("-", "−")  # noqa: RUF001 (a minus sign)
    return with_unit(value, unit).replace("-", "−")  # noqa: RUF001 (a minus sign)


def difference(change: float | None, unit: str) -> str:
    """A change with its sign; of shares in percentage points.

    Args:
        change: in the unit; None if not known.
        unit: as the catalogue says it.
    """
    if change is None:
        return NOTHING
    sign = "+" if change > 0 else "−" if change < 0 else "±"  # noqa: RUF001 (a minus sign)
    if unit == "share":
        return f"{sign}{abs(change) * 100:.1f} pp"
    return sign + figure(abs(change), unit)


def axis(unit: str, greatest: float) -> tuple[float, str]:
    """By what to multiply changes for an axis, and what it is then called.

    Args:
        unit: as the catalogue says it.
        greatest: the greatest change, without its sign.
    """
    if unit == "share":
        return 100, "percentage points"
    if unit == "minutes" and greatest >= 72 * 60:
        return 1 / 1440, "days"
    if unit == "minutes" and greatest >= 120:
        return 1 / 60, "hours"
    return 1, unit


def verdict(row: Any) -> str:
    """Whether a change is real, in words.

    Args:
        row: change, is_significant_change and turn of a figure; None where the period has none.
    """
    if row is None or row["change"] is None:
        return "nothing to compare with"
    real = row["is_significant_change"]
    if real is None:
        return "not tested"
    return _VERDICTS[(real, row["turn"] if real else None)]


def target(value: float | None, unit: str, direction: str) -> str:
    """A target, and from which side it is met.

    Args:
        value: in the unit; None where there is none.
        unit: as the catalogue says it.
        direction: higher_is_better, lower_is_better or neutral.
    """
    if value is None:
        return ""
    side = {"higher_is_better": "at least ", "lower_is_better": "at most "}.get(direction, "")
    return side + figure(value, unit)


def short_day(day: date) -> str:
    """A day, as an axis has room for."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day:%y}"


def long_day(day: date) -> str:
    """A day in full."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period(grain: str, start: date) -> str:
    """A period in words.

    Args:
        grain: day, week, month, quarter or year.
        start: its first day.
    """
    if grain == "day":
        return long_day(start)
    if grain == "week":
        end = start + timedelta(days=6)
        if start.month == end.month:
            return f"week of {start.day} to {long_day(end)}"
        first = long_day(start) if start.year != end.year else f"{start.day} {MONTHS[start.month - 1]}"
        return f"week of {first} to {long_day(end)}"
    if grain == "month":
        return f"{MONTHS[start.month - 1]} {start.year}"
    if grain == "quarter":
        return f"quarter {(start.month - 1) // 3 + 1} of {start.year}"
    return str(start.year)


def short_period(grain: str, start: date) -> str:
    """A period, as an axis or a table has room for."""
    if grain == "month":
        return f"{MONTHS[start.month - 1][:3]} {start.year}"
    if grain == "quarter":
        return f"Q{(start.month - 1) // 3 + 1} {start.year}"
    return str(start.year) if grain == "year" else short_day(start)


def instant(moment: datetime | None) -> str:
    """An instant in UTC, to the minute."""
    return "no instant" if moment is None else f"{long_day(moment.date())}, {moment:%H:%M} UTC"


def span(length: timedelta | None) -> str:
    """A length of time, in its two greatest units."""
    if length is None:
        return NOTHING
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} days"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 alert, 2 alerts, no alerts.

    Args:
        count: how many.
        one: the noun.
        many: its plural, if that is not made with an s.
    """
    noun = one if count == 1 else many or f"{one}s"
    return f"{count:,} {noun}" if count else f"no {noun}"
