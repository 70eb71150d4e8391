"""Opening hours and spellings of the simulator: cases worked out by hand, and what must hold for any."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_kpis.simulate.calendar import DAY, END, HOUR, Schedule, first_day, instant, text
from support_kpis.simulate.organisation import HOLIDAYS, schedules
from support_kpis.simulate.spelling import spell_instant
from support_kpis.simulate.world import build_world

ALL = build_world(100, 1, 15).schedules
INSTANTS = st.integers(instant(2023, 12, 1), END)


def hours(schedule: str, start: int, end: int) -> float:
    return ALL[schedule].business_seconds(start, end) / HOUR


@pytest.mark.parametrize(
    ("schedule", "day", "wanted"),
    [
        ("sch-berlin", (2024, 6, 3), 9),  # a Monday, closed at lunch
        ("sch-berlin", (2024, 6, 8), 0),  # a Saturday
        ("sch-berlin", (2024, 12, 25), 0),  # a holiday
        ("sch-new-york", (2024, 6, 3), 12),  # two shifts that overlap are open once
        ("sch-kolkata", (2024, 6, 3), 12),  # closes at 24:00
        ("sch-london", (2024, 6, 28), 8),
        ("sch-london", (2024, 7, 1), 14),  # longer from this day on
        ("sch-london", (2024, 9, 1), 0),  # a Sunday; its validity ends before it starts
        ("sch-night", (2024, 3, 31), 9),  # 0 to 6 without the hour from 2 to 3, and 20 to 24
        ("sch-night", (2024, 10, 27), 11),  # with the hour from 2 to 3 twice
        ("sch-always", (2024, 3, 10), 23),
        ("sch-always", (2024, 11, 3), 25),
        ("sch-sydney", (2024, 10, 7), 9),
    ],
)
def test_open_hours_of_a_local_day(schedule: str, day: tuple[int, int, int], wanted: float) -> None:
    on = (date(*day) - date(1970, 1, 1)).days
    assert sum(closes - opens for opens, closes in ALL[schedule].open_on(on)) / HOUR == wanted


def test_hours_move_with_the_clock() -> None:
    # Sydney opens at 9: 22:00 UTC of the day before in its summer, 23:00 in its winter.
    assert hours("sch-sydney", instant(2024, 1, 9, 21), instant(2024, 1, 9, 23)) == 1
    assert hours("sch-sydney", instant(2024, 6, 11, 21), instant(2024, 6, 11, 23)) == 0
    # Kolkata is half an hour off: noon is 06:30 UTC.
    assert hours("sch-kolkata", instant(2024, 6, 3, 6), instant(2024, 6, 3, 7)) == 0.5


def test_over_lunch_a_night_and_a_weekend() -> None:
    # Friday 11:00 to Monday 09:00 in Berlin: 1 hour, then 13 to 18, then 8 to 9.
    assert hours("sch-berlin", instant(2024, 6, 7, 9), instant(2024, 6, 10, 7)) == 7


@given(INSTANTS, st.integers(0, 40 * DAY))
def test_around_the_clock_business_is_calendar(start: int, length: int) -> None:
    assert ALL["sch-always"].business_seconds(start, start + length) == length


@given(st.sampled_from(sorted(ALL)), INSTANTS, st.integers(0, 20 * DAY), st.integers(0, 20 * DAY))
def test_business_time_adds_up(schedule: str, start: int, one: int, two: int) -> None:
    clock = ALL[schedule].business_seconds
    whole = clock(start, start + one + two)
    assert whole == clock(start, start + one) + clock(start + one, start + one + two)
    assert 0 <= whole <= one + two


@given(st.sampled_from(sorted(ALL)), INSTANTS)
def test_next_open_is_open_and_nothing_was_open_before(schedule: str, moment: int) -> None:
    clock = ALL[schedule]
    opened = clock.next_open(moment)
    assert clock.business_seconds(moment, opened) == 0
    assert clock.business_seconds(opened, opened + 1) == 1


def test_clock_changes_are_found() -> None:
    changes = Schedule("s", "s", "Europe/Berlin", ()).clock_changes(date(2024, 1, 1), date(2025, 1, 1))
    assert [text(day * DAY)[:10] for day in changes] == ["2024-03-31", "2024-10-27"]
    assert set(HOLIDAYS) < set(schedules())


def test_operation_begins_on_the_first_of_a_month() -> None:
    assert [first_day(months) for months in (1, 3, 15, 16)] == [
        date(2025, 3, 1), date(2025, 1, 1), date(2024, 1, 1), date(2023, 12, 1),
    ]  # fmt: skip


@given(
    INSTANTS | INSTANTS.map(lambda at: at // 60 * 60) | INSTANTS.map(lambda at: at // DAY * DAY),
    st.integers(0, 999),
)
def test_odd_spellings_mean_the_same_second(moment: int, draw: int) -> None:
    plain = text(moment)
    spelled = spell_instant(plain, draw)
    read = datetime.fromisoformat(spelled)
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    assert int(read.timestamp()) == moment
