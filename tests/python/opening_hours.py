"""Opening hours in plain Python: a second opinion on business time, one local date after the other."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86_400
QUARTER = 900
Interval = tuple[int, int]


def seconds_of(text: str) -> int:
    """The seconds since 1970 of a UTC time, YYYY-MM-DD HH:MM or with seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Hours:
    """An opening interval of an ISO weekday, with the local dates between which it holds."""

    day_of_week: int
    opens_at: str
    closes_at: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the interval is in force on a local date."""
        return (
            self.day_of_week == day.isoweekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day < self.valid_to)
        )


@dataclass
class OpeningHours:
    """A schedule. An instant is open if its wall clock shows a time within the hours of its local date."""

    schedule_id: str
    time_zone: str
    hours: tuple[Hours, ...] = ()
    holidays: frozenset[date] = frozenset()
    _cache: dict[date, list[Interval]] = field(default_factory=dict, repr=False)

    def seconds(self, start: int, end: int) -> int:
        """The open seconds between two instants."""
        total = 0
        day = self._local_date(start) - timedelta(days=1)
        while day <= self._local_date(end):
            total += sum(max(0, min(end, last) - max(start, first)) for first, last in self.intervals(day))
            day += timedelta(days=1)
        return total

    def due(self, start: int, target: int) -> int:
        """The first instant at which a number of open seconds since ``start`` is used up."""
        if target == 0:
            return start
        left, day = target, self._local_date(start) - timedelta(days=1)
        while True:
            for first, last in self.intervals(day):
                begins = max(first, start)
                if last - begins >= left:
                    return begins + left
                left -= max(0, last - begins)
            day += timedelta(days=1)

    def intervals(self, day: date) -> list[Interval]:
        """The open intervals of a local date in UTC seconds, in order and without overlap."""
        if day not in self._cache:
            self._cache[day] = self._walk(day)
        return self._cache[day]

    def _walk(self, day: date) -> list[Interval]:
        if day in self.holidays:
            return []
        midnight = seconds_of(day.isoformat())
        spans = [
            (midnight + _clock(hours.opens_at), midnight + _clock(hours.closes_at))
            for hours in self.hours
            if hours.holds_on(day)
        ]
        found: list[Interval] = []
        if spans:
            for begins, ends, offset in self._pieces(midnight):
                found += [
                    (max(begins, opens - offset), min(ends, closes - offset))
                    for opens, closes in spans
                    if opens - offset < ends and begins < closes - offset
                ]
        return _united(found)

    def _pieces(self, midnight: int) -> list[tuple[int, int, int]]:
        """The UTC time around a local date, in pieces of one offset each."""
        begins, ends = midnight - DAY, midnight + 2 * DAY
        if len({self._offset(moment) for moment in range(begins, ends, 3_600)} | {self._offset(ends)}) == 1:
            return [(begins, ends, self._offset(begins))]
        return [(piece, piece + QUARTER, self._offset(piece)) for piece in range(begins, ends, QUARTER)]

    def _offset(self, moment: int) -> int:
        offset = datetime.fromtimestamp(moment, ZoneInfo(self.time_zone)).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def _local_date(self, moment: int) -> date:
        return datetime.fromtimestamp(moment, ZoneInfo(self.time_zone)).date()

    def clock_changes(self, first: int, last: int) -> list[int]:
        """The quarters of an hour in which the clock is changed."""
        days = [day for day in range(first, last, DAY) if self._offset(day) != self._offset(day + DAY)]
        return [
            moment
            for day in days
            for moment in range(day, day + DAY, QUARTER)
            if self._offset(moment) != self._offset(moment + QUARTER)
        ]


def _clock(text: str) -> int:
    return int(text[:2]) * 3_600 + int(text[3:]) * 60


def _united(intervals: list[Interval]) -> list[Interval]:
    united: list[Interval] = []
    for first, last in sorted(intervals):
        if united and first <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], last))
        else:
            united.append((first, last))
    return united
