"""Instants and opening hours of the simulated operation.

Instants are whole seconds since 1970 in UTC throughout the simulator; they become text only when they are
written. The operation ends at a fixed instant, so that no run depends on the clock of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 3_600
DAY = 86_400
_EPOCH = date(1970, 1, 1)


def instant(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """The seconds since 1970 of a UTC time."""
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


END = instant(2025, 3, 31, 23, 59, 59)
"""The last second of the operation: something is created in it, so it is the input's as_of."""

_TIMES = [f"{s // HOUR:02d}:{s // MINUTE % 60:02d}:{s % MINUTE:02d}" for s in range(DAY)]


@cache
def day_text(day: int) -> str:
    """The ISO date of a day counted from 1970-01-01."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def text(seconds: int) -> str:
    """An instant as ``YYYY-MM-DD HH:MM:SS`` in UTC."""
    return f"{day_text(seconds // DAY)} {_TIMES[seconds % DAY]}"


def day_number(day: date) -> int:
    """The days from 1970-01-01 to a date."""
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    """The date of a day counted from 1970-01-01."""
    return _EPOCH + timedelta(days=day)


def first_day(months: int) -> date:
    """The first day of an operation that runs ``months`` calendar months up to END."""
    last = datetime.fromtimestamp(END, UTC).date()
    count = last.year * 12 + last.month - months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Hours:
    """An opening interval of a weekday, in local minutes of the day, while a validity holds."""

    day_of_week: int
    opens: int
    closes: int
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class Schedule:
    """Opening hours in a time zone. Every answer is worked out day by day on the local calendar."""

    schedule_id: str
    name: str
    time_zone: str
    hours: tuple[Hours, ...]
    holidays: dict[date, str] = field(default_factory=dict)
    _days: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict, repr=False)

    def open_on(self, day: int) -> tuple[tuple[int, int], ...]:
        """The open intervals of one local date as UTC instants, overlapping hours united."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._work_out(date_of(day))
        return found

    def _work_out(self, day: date) -> tuple[tuple[int, int], ...]:
        if day in self.holidays:
            return ()
        intervals = sorted(
            (self._utc(day, hours.opens), self._utc(day, hours.closes))
            for hours in self.hours
            if hours.day_of_week == day.isoweekday()
            and (hours.valid_from is None or hours.valid_from <= day)
            and (hours.valid_to is None or day < hours.valid_to)
        )
        united: list[tuple[int, int]] = []
        for opens, closes in intervals:
            if united and opens <= united[-1][1]:
                united[-1] = (united[-1][0], max(united[-1][1], closes))
            else:
                united.append((opens, closes))
        return tuple(united)

    def _utc(self, day: date, minutes: int) -> int:
        local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
        return int(local.replace(tzinfo=ZoneInfo(self.time_zone)).timestamp())

    def business_seconds(self, start: int, end: int) -> int:
        """The open seconds between two instants, summed over the local dates that can touch them."""
        total = 0
        # A local date lies within a day of the UTC date, so one day more on each side covers every zone.
        for day in range(start // DAY - 1, end // DAY + 2):
            for opens, closes in self.open_on(day):
                first = opens if opens > start else start
                last = closes if closes < end else end
                if last > first:
                    total += last - first
        return total

    def next_open(self, moment: int) -> int:
        """The first open instant at or after a moment; the moment itself if nothing opens in three weeks."""
        for day in range(moment // DAY - 1, moment // DAY + 21):
            for opens, closes in self.open_on(day):
                if closes > moment:
                    return opens if opens > moment else moment
        return moment

    def clock_changes(self, first: date, last: date) -> list[int]:
        """The days between two dates on whose local calendar the clock is changed."""
        zone = ZoneInfo(self.time_zone)
        days = []
        for day in range(day_number(first), day_number(last)):
            today = datetime.combine(date_of(day), datetime.min.time(), zone)
            if today.utcoffset() != (today + timedelta(days=1)).utcoffset():
                days.append(day)
        return days
