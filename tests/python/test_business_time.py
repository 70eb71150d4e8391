"""Business time by the warehouse's own models against a plain walk over local dates, to the second."""

import csv
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import PROJECT, environment
from opening_hours import DAY, Hours, OpeningHours, seconds_of

pytestmark = pytest.mark.slow

FIRST, LAST = seconds_of("2023-01-02 00:00"), seconds_of("2024-12-29 00:00")
AS_OF = seconds_of("2024-12-31 23:00")
WEEK, WORKDAYS = range(1, 8), range(1, 6)
PRIORITIES = {"low": "2400.5", "normal": "480", "high": "60", "urgent": "0"}
MODELS = ("+fct_tickets", "+fct_ticket_status_spans", "+fct_sla_outcomes")

ZONES = (
    "Africa/Cairo",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "America/New_York",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
)


@dataclass(frozen=True)
class Case:
    """A ticket: created, answered and resolved at instants; None where that never happened."""

    ticket_id: str
    schedule_id: str
    priority: str
    created: int
    replied: int | None
    resolved: int | None


def _text(moment: int | None) -> str:
    return "" if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _hours(days: range, *spans: tuple[str, str], **validity: date) -> tuple[Hours, ...]:
    return tuple(Hours(day, opens, closes, **validity) for day in days for opens, closes in spans)


def _random_schedule(number: int, draw: random.Random) -> OpeningHours:
    def clock(low: int, high: int) -> str:
        minutes = draw.randrange(low, high + 1, draw.choice((1, 5, 15, 30)))
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    hours: list[Hours] = []
    change = date(2023, 1, 1).toordinal() + draw.randrange(730)
    for since, until in ((None, date.fromordinal(change)), (date.fromordinal(change), None)):
        for day in WEEK:
            starts: set[str] = set()
            for _ in range(draw.choice((0, 1, 1, 2, 3))):
                opens, closes = clock(0, 1_380), clock(1, 1_440)
                if opens < closes and opens not in starts:
                    starts.add(opens)
                    hours.append(Hours(day, opens, closes, since, until))
    holidays = frozenset(
        date.fromordinal(date(2023, 1, 1).toordinal() + draw.randrange(730)) for _ in range(12)
    )
    return OpeningHours(f"random-{number:02d}", ZONES[number % len(ZONES)], tuple(hours), holidays)


def _schedules() -> dict[str, OpeningHours]:
    draw = random.Random(20_251_122)
    made = [OpeningHours(f"always-{zone}", zone, _hours(WEEK, ("00:00", "24:00"))) for zone in ZONES]
    made += [_random_schedule(number, draw) for number in range(2 * len(ZONES))]
    made += [
        OpeningHours("never", "Europe/Berlin"),
        OpeningHours(
            "berlin-office",
            "Europe/Berlin",
            _hours(WORKDAYS, ("08:00", "12:00"), ("13:00", "18:00")),
            # A Wednesday and a Sunday.
            frozenset({date(2024, 5, 1), date(2024, 5, 5)}),
        ),
        OpeningHours("berlin-night", "Europe/Berlin", _hours(WEEK, ("00:00", "02:30"), ("22:00", "24:00"))),
        OpeningHours("berlin-early", "Europe/Berlin", _hours(WEEK, ("02:30", "10:00"))),
        OpeningHours(
            "london-longer",
            "Europe/London",
            _hours(WORKDAYS, ("09:00", "17:00"), valid_to=date(2024, 7, 1))
            + _hours(range(1, 7), ("07:00", "15:00"), valid_from=date(2024, 7, 1))
            # The early and the late shift overlap; the hours are open once.
            + _hours(range(1, 7), ("12:00", "21:00"), valid_from=date(2024, 7, 1)),
        ),
    ]
    return {schedule.schedule_id: schedule for schedule in made}


SCHEDULES = _schedules()

# schedule, from, to (UTC), open seconds: worked out by hand.
HAND_WORKED = {
    "over_lunch": ("berlin-office", "2024-01-10 10:30:00", "2024-01-10 12:30:01", 3_601),
    "over_a_weekend": ("berlin-office", "2024-01-12 16:00:00", "2024-01-15 08:00:00", 7_200),
    "holiday_in_the_week": ("berlin-office", "2024-04-30 15:00:00", "2024-05-02 07:00:00", 7_200),
    "holiday_on_a_sunday": ("berlin-office", "2024-05-03 15:00:00", "2024-05-06 07:00:00", 7_200),
    "spring_weekend_before_and_after": ("berlin-office", "2024-03-29 16:00:00", "2024-04-01 07:00:00", 7_200),
    "spring_night_all_day": ("always-Europe/Berlin", "2024-03-30 12:00:00", "2024-03-31 12:00:00", 86_400),
    "autumn_night_all_day": ("always-Europe/Berlin", "2024-10-26 12:00:00", "2024-10-27 12:00:00", 86_400),
    # 02:30 is skipped: open to 02:00, when it becomes 03:00 and the shop is closed.
    "closing_in_the_skipped_hour": ("berlin-night", "2024-03-30 22:30:00", "2024-03-31 12:00:00", 9_000),
    # 02:30 comes twice: open to the first, and from the second 02:00 to the second 02:30.
    "closing_in_the_repeated_hour": ("berlin-night", "2024-10-27 00:00:00", "2024-10-27 12:00:00", 3_600),
    "opening_in_the_skipped_hour": ("berlin-early", "2024-03-31 00:00:00", "2024-03-31 12:00:00", 25_200),
    "opening_in_the_repeated_hour": ("berlin-early", "2024-10-27 00:00:00", "2024-10-27 12:00:00", 28_800),
    "half_an_hour_of_summer": (
        "always-Australia/Lord_Howe",
        "2024-04-06 12:00:00",
        "2024-04-07 12:00:00",
        86_400,
    ),
    "last_day_before_the_change": ("london-longer", "2024-06-28 05:00:00", "2024-06-29 22:00:00", 28_800),
    "first_days_after_the_change": ("london-longer", "2024-07-01 05:00:00", "2024-07-02 22:00:00", 100_800),
    "never_open": ("never", "2024-01-01 00:00:00", "2024-12-01 00:00:00", 0),
    "no_time_at_all": ("berlin-office", "2024-01-10 10:30:00", "2024-01-10 10:30:00", 0),
}


def _random_cases() -> list[Case]:
    draw = random.Random(7)
    cases = []
    ids = sorted(SCHEDULES)
    changes = {name: SCHEDULES[name].clock_changes(FIRST, LAST) for name in ids}
    for number in range(3_500):
        name = ids[number % len(ids)]
        created = draw.randrange(FIRST, LAST)
        if changes[name] and draw.random() < 0.5:
            created = draw.choice(changes[name]) + draw.randrange(-DAY, DAY)
        elif draw.random() < 0.1:
            created = AS_OF - draw.randrange(3 * DAY)
        # From a second to seven weeks, if it comes by as_of.
        replied = created + int(2 ** draw.uniform(0, 22)) if draw.random() < 0.9 else None
        replied = None if replied is None or replied > AS_OF else replied
        resolved = (replied or created) + int(2 ** draw.uniform(0, 21)) if draw.random() < 0.9 else None
        resolved = None if resolved is None or resolved > AS_OF else resolved
        cases.append(
            Case(f"random-{number:05d}", name, draw.choice([*PRIORITIES]), created, replied, resolved)
        )
    return cases


CASES = {
    case.ticket_id: case
    for case in _random_cases()
    + [
        Case(name, schedule, "normal", seconds_of(start), seconds_of(end), seconds_of(end))
        for name, (schedule, start, end, _) in HAND_WORKED.items()
    ]
    + [
        Case("no_schedule", "", "normal", FIRST, FIRST + 60, FIRST + 90),
        Case("unknown_zone", "atlantis", "normal", FIRST, FIRST + 60, FIRST + 90),
        Case("unknown_hours", "garbled", "normal", FIRST, FIRST + 60, FIRST + 90),
        Case("the_last_word", "", "", AS_OF, None, None),
    ]
}


def _write(folder: Path, table: str, header: str, rows: list[tuple[Any, ...]]) -> None:
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split())
        writer.writerows(rows)


def _write_raw(folder: Path) -> None:
    folder.mkdir()
    schedules = SCHEDULES.values()
    _write(
        folder,
        "schedules",
        "schedule_id time_zone",
        [(one.schedule_id, one.time_zone) for one in schedules]
        + [("atlantis", "Atlantis/Capital"), ("garbled", "Europe/Berlin")],
    )
    _write(
        folder,
        "schedule_hours",
        "schedule_id day_of_week opens_at closes_at valid_from valid_to",
        [
            (one.schedule_id, span.day_of_week, span.opens_at, span.closes_at, span.valid_from, span.valid_to)
            for one in schedules
            for span in one.hours
        ]
        + [("atlantis", 1, "00:00", "24:00", "", ""), ("garbled", 1, "18:00", "09:00", "", "")],
    )
    _write(
        folder,
        "holidays",
        "schedule_id holiday_on",
        [(one.schedule_id, holiday) for one in schedules for holiday in sorted(one.holidays)],
    )
    _write(
        folder,
        "teams",
        "team_id schedule_id",
        [(f"team {name}", name) for name in [*SCHEDULES, "atlantis", "garbled", ""]],
    )
    _write(
        folder,
        "sla_policies",
        "policy_id metric priority target_minutes clock",
        [
            (f"{metric} {priority}", metric, priority, target, "business")
            for metric in ("first_response", "resolution")
            for priority, target in PRIORITIES.items()
        ],
    )
    _write(
        folder,
        "tickets",
        "ticket_id created_at status priority team_id",
        [
            (one.ticket_id, _text(one.created), "new", one.priority, f"team {one.schedule_id}")
            for one in CASES.values()
        ],
    )
    _write(
        folder,
        "ticket_events",
        "event_id ticket_id occurred_at sequence event_type from_value to_value",
        [
            (f"{one.ticket_id} {number}", one.ticket_id, _text(moment), number, "status", "new", status)
            for one in CASES.values()
            for number, (moment, status) in enumerate(((one.replied, "pending"), (one.resolved, "solved")))
            if moment is not None
        ],
    )
    _write(
        folder,
        "interactions",
        "interaction_id ticket_id started_at channel direction author_type",
        [
            (one.ticket_id, one.ticket_id, _text(one.replied), "email", "outbound", "agent")
            for one in CASES.values()
            if one.replied is not None
        ]
        # The customer wrote first, so that no agent opened the ticket.
        + [
            (f"{one.ticket_id} in", one.ticket_id, _text(one.created), "email", "inbound", "customer")
            for one in CASES.values()
        ],
    )
    _write(folder, "survey_responses", "response_id survey_type", [])


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    root = tmp_path_factory.mktemp("business-time")
    (root / "warehouse" / "build").mkdir(parents=True)
    _write_raw(root / "raw")
    for verb in (("seed", "--select", "path:seeds/reference"), ("run", "--select", *MODELS)):
        done = subprocess.run(
            [
                *(Path(sys.executable).with_name("dbt"), *verb, "--target-path", root / "target"),
                *("--log-path", root / "logs", "--no-partial-parse"),
            ],
            cwd=PROJECT,
            env=environment(
                DBT_PROFILES_DIR=str(PROJECT / "profiles"),
                SUPPORT_KPIS_WAREHOUSE_DIR=str(root / "warehouse"),
                SUPPORT_KPIS_RAW_DIR=str(root / "raw"),
            ),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
    return duckdb.connect(str(root / "warehouse" / "build" / "support_kpis.duckdb"), read_only=True)


def _rows(marts: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Rows as dicts; instants as seconds since 1970."""
    answer = marts.execute(query)
    names = [column[0] for column in answer.description or ()]
    return [
        {
            name: int(value.replace(tzinfo=UTC).timestamp()) if isinstance(value, datetime) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in answer.fetchall()
    ]


def test_hand_worked_intervals(marts: duckdb.DuckDBPyConnection) -> None:
    found = {
        row["ticket_id"]: (row["first_response_business_seconds"], row["resolution_business_seconds"])
        for row in _rows(marts, "select * from marts.fct_tickets")
    }
    expected = {name: seconds for name, (_, _, _, seconds) in HAND_WORKED.items()}
    assert {name: found[name] for name in expected} == {name: (want, want) for name, want in expected.items()}


def test_the_second_route_agrees_with_hand_worked_intervals() -> None:
    for name, (schedule, start, end, seconds) in HAND_WORKED.items():
        assert SCHEDULES[schedule].seconds(seconds_of(start), seconds_of(end)) == seconds, name


def test_ticket_durations(marts: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(marts, "select * from marts.fct_tickets")
    assert len(rows) == len(CASES)
    compared = 0
    for row in rows:
        case = CASES[row["ticket_id"]]
        schedule = SCHEDULES.get(case.schedule_id)
        for name, end in (("first_response", case.replied), ("resolution", case.resolved)):
            business, calendar = row[f"{name}_business_seconds"], row[f"{name}_seconds"]
            if schedule is None or end is None:
                assert business is None, (case, name)
                continue
            assert business == schedule.seconds(case.created, end), (case, name)
            assert calendar == end - case.created
            assert 0 <= business <= calendar
            if case.schedule_id.startswith("always"):
                assert business == calendar, (case, name)
            compared += 1
    assert compared > 5_000


def test_status_spans(marts: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(marts, "select * from marts.fct_ticket_status_spans")
    ended = 0
    for row in rows:
        schedule = SCHEDULES.get(CASES[row["ticket_id"]].schedule_id)
        if schedule is None or row["ends_at"] is None:
            assert row["business_seconds"] is None, row
            continue
        assert row["business_seconds"] == schedule.seconds(row["starts_at"], row["ends_at"]), row
        ended += 1
    assert ended > 5_000


def test_promises_by_the_business_clock(marts: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(marts, "select * from marts.fct_sla_outcomes")
    outcomes = {"met": 0, "breached": 0, "running": 0}
    for row in rows:
        case = CASES[row["ticket_id"]]
        schedule = SCHEDULES[case.schedule_id]
        end = case.replied if row["metric"] == "first_response" else case.resolved
        target = int(float(PRIORITIES[case.priority]) * 60)
        used = schedule.seconds(case.created, AS_OF if end is None else end)
        due = schedule.due(case.created, target) if case.schedule_id != "never" or target == 0 else None
        outcome = "breached" if used > target else "met" if end is not None else "running"
        decided = {"met": end, "breached": due, "running": None}[outcome]
        assert row["target_seconds"] == target
        assert (row["starts_at"], row["ends_at"]) == (case.created, end)
        assert row["elapsed_seconds"] == (None if end is None else used), case
        assert (row["due_at"], row["outcome"], row["decided_at"]) == (due, outcome, decided), case
        outcomes[outcome] += 1
    # Both metrics of every ticket whose opening hours are known.
    assert sum(outcomes.values()) == 2 * sum(1 for case in CASES.values() if case.schedule_id in SCHEDULES)
    assert min(outcomes.values()) > 30, outcomes
