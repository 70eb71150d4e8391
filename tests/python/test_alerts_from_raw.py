"""What goes wrong in the raw tables is told in kpi_alerts in the right words, and little else is.

Five months of a made-up operation, ticket by ticket: teams of 45 tickets a day with a weekday pattern,
one of them new, one closed, one small. Into it: a day of escalations, three weeks in which resolutions
take longer every day, two bad days of surveys, a team whose tickets no longer arrive, a public holiday.
"""

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from conftest import PROJECT, environment

pytestmark = pytest.mark.slow

DAYS = 150
TODAY = date(2025, 3, 31)
"""A Monday; the data ends at ten in the morning."""
SPIKE, FALL, HOLIDAY, SILENT, CLOSED, NEW = 4, (10, 9), 40, 4, 60, 20
"""Days before today."""
USUAL = {
    "team-spike": 45,
    "team-creep": 45,
    "team-silent": 45,
    "team-new": 45,
    "team-closed": 45,
    "team-small": 8,
}


@dataclass
class Told:
    """One row of kpi_alerts."""

    kpi_key: str
    grain: str
    day: int
    member: str
    kind: str
    severity: str
    is_open: bool
    message: str


def is_there(team: str, day: int) -> bool:
    """Whether a team has tickets on a day, counted in days before today."""
    if team == "team-new":
        return day <= NEW
    if team == "team-closed":
        return day > CLOSED
    return not (team == "team-silent" and day <= SILENT)


def made_up() -> dict[str, list[dict[str, Any]]]:
    """The four required raw tables, and the teams."""
    rng = np.random.default_rng(20)
    tables: dict[str, list[dict[str, Any]]] = {
        "tickets": [],
        "ticket_events": [],
        "interactions": [],
        "survey_responses": [],
        "teams": [{"team_id": team, "name": team.removeprefix("team-")} for team in USUAL],
    }
    for day in range(DAYS, -1, -1):
        date_of = TODAY - timedelta(days=day)
        for team, usual in USUAL.items():
            if not is_there(team, day):
                continue
            expected = usual * (0.75 if date_of.weekday() >= 5 else 1.1) * (0.1 if day == HOLIDAY else 1.0)
            for number in range(rng.poisson(expected)):
                _ticket(rng, tables, f"{team}-{day}-{number}", team, day)
    return tables


def _ticket(
    rng: np.random.Generator, tables: dict[str, list[dict[str, Any]]], key: str, team: str, day: int
) -> None:
    midnight = datetime.combine(TODAY - timedelta(days=day), datetime.min.time())
    created = midnight + timedelta(minutes=float(rng.uniform(0, 540)))
    minutes = 240 * float(np.exp(0.8 * rng.standard_normal()))
    if team == "team-creep" and 1 <= day <= 21:
        minutes *= 1.04 ** (22 - day)
    solved = created + timedelta(minutes=minutes)
    end = datetime.combine(TODAY, datetime.min.time()) + timedelta(hours=10)
    escalates = rng.random() < (0.5 if team == "team-spike" and day == SPIKE else 0.08)
    happy = rng.random() < (0.55 if day in FALL else 0.85)
    is_solved, stamp = solved <= end, "%Y-%m-%d %H:%M:%S"
    tables["tickets"].append(
        {
            "ticket_id": key,
            "created_at": created.strftime(stamp),
            "status": "solved" if is_solved else "open",
            "channel": "email",
            "customer_id": f"customer of {key}",
            "team_id": team,
        }
    )
    events = [("status", "new", "open", created)]
    if escalates:
        events.append(("escalated", "", "", created + timedelta(minutes=30)))
    if is_solved:
        events.append(("status", "open", "solved", solved))
        if rng.random() < 0.5:
            tables["survey_responses"].append(
                {
                    "response_id": f"answer to {key}",
                    "survey_type": "csat",
                    "sent_at": solved.strftime(stamp),
                    "responded_at": min(solved + timedelta(hours=1), end).strftime(stamp),
                    "ticket_id": key,
                    "score": 5 if happy else 2,
                }
            )
    for number, (kind, before, after, at) in enumerate(events):
        tables["ticket_events"].append(
            {
                "event_id": f"{key} {number}",
                "ticket_id": key,
                "occurred_at": min(at, end).strftime(stamp),
                "event_type": kind,
                "from_value": before,
                "to_value": after,
            }
        )
    for number, (direction, author, at) in enumerate(
        [
            ("inbound", "customer", created),
            ("outbound", "agent", created + timedelta(minutes=20 * float(np.exp(rng.standard_normal())))),
        ]
    ):
        tables["interactions"].append(
            {
                "interaction_id": f"{key} {number}",
                "ticket_id": key,
                "started_at": min(at, end).strftime(stamp),
                "channel": "email",
                "direction": direction,
                "author_type": author,
                "author_id": "",
            }
        )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Told]]:
    """Every row of kpi_alerts of the last seven weeks."""
    root = tmp_path_factory.mktemp("alerts")
    raw = root / "raw"
    raw.mkdir()
    for name, rows in made_up().items():
        with (raw / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    (root / "warehouse" / "build").mkdir(parents=True)
    _build(root, raw)
    path = root / "warehouse" / "build" / "support_kpis.duckdb"
    with duckdb.connect(str(path), read_only=True) as database:
        rows = database.execute(
            "select kpi_key, period_grain, ?::date - period_start, member_id, kind, severity, is_open, "
            "message from marts.kpi_alerts where period_start >= ?::date - 49 order by all",
            [TODAY, TODAY],
        ).fetchall()
    yield [Told(*row) for row in rows]


def _build(root: Path, raw: Path) -> None:
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "build", "--select", "+kpi_alerts"),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--target-path", root / "target", "--log-path", root / "logs"),
        ],
        cwd=PROJECT,
        env=environment(
            DBT_PROFILES_DIR=str(PROJECT / "profiles"),
            SUPPORT_KPIS_WAREHOUSE_DIR=str(root / "warehouse"),
            SUPPORT_KPIS_RAW_DIR=str(raw),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def find(told: list[Told], kpi_key: str, member: str, kind: str, grain: str = "day") -> list[Told]:
    return [
        each
        for each in told
        if (each.kpi_key, each.member, each.kind, each.grain) == (kpi_key, member, kind, grain)
    ]


def test_a_day_of_escalations_is_told_with_what_where_how_far_and_since_when(told: list[Told]) -> None:
    (spike,) = find(told, "escalation_rate", "team-spike", "spike")
    assert spike.day == SPIKE
    assert spike.severity == "critical"
    assert spike.is_open
    assert spike.message.startswith("Escalation rate, team spike: 4")
    assert "2025-03-27" in spike.message
    assert "This is worse." in spike.message


def test_a_creep_of_resolution_times_is_told_before_it_is_three_weeks_old(told: list[Told]) -> None:
    creep = find(told, "resolution_minutes_median", "team-creep", "creep")
    assert creep
    assert {each.severity for each in creep} == {"warning"}
    assert 1 <= min(each.day for each in creep) <= max(each.day for each in creep) <= 21
    assert "climbing" in creep[0].message


def test_two_bad_days_of_surveys_are_told(told: list[Told]) -> None:
    days = {each.day for each in find(told, "csat_score", "all", "drop")}
    assert set(FALL) <= days


def test_a_team_whose_tickets_no_longer_arrive_is_told_from_the_second_day(told: list[Told]) -> None:
    stale = find(told, "tickets_created", "team-silent", "stale")
    assert sorted(each.day for each in stale) == list(range(1, SILENT))
    assert {each.severity for each in stale} == {"warning"}
    assert "no data" in stale[0].message


def test_nothing_is_told_of_today_of_small_and_new_teams_or_of_a_closed_one_after_a_month(
    told: list[Told],
) -> None:
    assert not [each for each in told if each.day == 0]
    assert not [
        each for each in told if each.member in ("team-small", "team-new", "team-closed") and each.day < 28
    ]


def test_little_else_is_told(told: list[Told]) -> None:
    planted = {
        "spike": lambda each: "escalation" in each.kpi_key or each.kpi_key == "backlog_open",
        "creep": lambda each: each.kpi_key.startswith(
            ("resolution", "first_resolution", "requester", "backlog")
        ),
        "csat": lambda each: each.kpi_key.startswith("csat") and each.day <= max(FALL) + 7,
        "tickets": lambda each: each.kpi_key.startswith("tickets"),
    }
    others = [
        each
        for each in told
        if each.severity != "note"
        and each.kind not in ("stale", "target_missed")
        and each.day != HOLIDAY
        and not any(explains(each) for explains in planted.values())
    ]
    assert len(others) <= 3, [each.message for each in others]
