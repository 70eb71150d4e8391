"""Wrong use: exit 2, one sentence with the remedy, a row in the run log, and nothing published."""

import json
import re
from pathlib import Path

import pytest

import conftest


def raw_folder(path: Path, **files: bytes) -> Path:
    """A raw folder with the four required tables, each with its header only but for those given."""
    path.mkdir()
    headers = {
        "tickets": b"ticket_id,created_at,status\n",
        "ticket_events": b"event_id,ticket_id,occurred_at,event_type\n",
        "interactions": b"interaction_id,ticket_id,started_at,channel,direction,author_type\n",
        "survey_responses": b"response_id,survey_type\n",
    }
    for name, content in (headers | files).items():
        (path / f"{name}.csv").write_bytes(content)
    return path


def messages(warehouse: Path) -> list[str]:
    lines = (warehouse / "build" / "run_log.jsonl").read_text().splitlines()
    return [event["row"]["message"] for event in map(json.loads, lines) if event["event"] == "finished"]


def refused(tmp_path: Path, *arguments: str | Path, **variables: str) -> str:
    """Run a refresh that has to be refused; the sentence it says."""
    warehouse = tmp_path / "warehouse"
    outcome = conftest.run("refresh", "--warehouse-dir", warehouse, *arguments, "--json", **variables)
    assert outcome.code == 2, outcome.err
    told = outcome.json()
    assert told["exit_code"] == 2
    assert "Traceback" not in outcome.err
    assert "\n" not in told["message"]
    assert told["message"].endswith(".")
    assert messages(warehouse)[-1] == told["message"]
    assert not (warehouse / "published" / "support_kpis.duckdb").exists()
    return str(told["message"])


def test_a_raw_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere does not exist: check --raw-dir" in refused(tmp_path, "--raw-dir", tmp_path / "nowhere")


def test_a_raw_folder_without_tickets(tmp_path: Path) -> None:
    raw = raw_folder(tmp_path / "raw")
    (raw / "tickets.csv").unlink()
    assert "holds no tickets: put tickets.csv or tickets.parquet there" in refused(tmp_path, "--raw-dir", raw)
    for path in raw.iterdir():
        path.unlink()
    (raw / "tickets.xlsx").write_bytes(b"PK\x03\x04")
    assert "tickets.xlsx, which is neither CSV nor Parquet" in refused(tmp_path, "--raw-dir", raw)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'ticket_id,created_at,status\nt1,2025-01-01,"new\n', "tickets.csv line 2 has a broken quote"),
        (b"ticket_id,created_at,status\nt1,2025-01-01,n\xe9w\n", "tickets.csv line 2 is not UTF-8"),
        (b"ticket_id,created_at,status\nt1,2025-01-01\n", "tickets.csv line 2 has 2 fields"),
        (b"ticket_id,created_at\n", "names no column status"),
        (bytes(range(256)), "tickets.csv is no CSV file but a binary file"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    raw = raw_folder(tmp_path / "raw", tickets=content)
    assert words in refused(tmp_path, "--raw-dir", raw)


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    assert "as_of 'soon' is no timestamp" in refused(tmp_path, "--as-of", "soon")
    assert "There is no target 'nowhere'" in refused(tmp_path, "--target", "nowhere")
    without = refused(tmp_path, "--target", "spark", JAVA_HOME=str(tmp_path / "none"))
    assert "make setup TARGET=spark" in without or "Spark needs Java 17" in without
    nowhere = {"SUPPORT_KPIS_POSTGRES_HOST": "127.0.0.1", "SUPPORT_KPIS_POSTGRES_PORT": "1"}
    without = refused(tmp_path, "--target", "postgres", **nowhere)
    assert "No PostgreSQL server answers at 127.0.0.1:1" in without or "make setup TARGET=postgres" in without
    zone = refused(tmp_path, SUPPORT_KPIS_REPORTING_TIME_ZONE="Mars/Olympus")
    assert "'Mars/Olympus', which is no IANA time zone" in zone
    assert "add up to 1" in refused(tmp_path, SUPPORT_KPIS_CX_WEIGHTS="1, 2, 3")
    schema = refused(tmp_path, SUPPORT_KPIS_RAW_SCHEMA="landing")
    assert "The schema landing of" in schema and "holds no interactions, survey_responses" in schema


def test_a_warehouse_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for warehouse in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/warehouse")):
        outcome = conftest.run("refresh", "--warehouse-dir", warehouse)
        assert outcome.code == 2, outcome.err
        assert "choose another" in outcome.err
        assert "Traceback" not in outcome.err
        assert len(outcome.err.strip().splitlines()) == 1


def test_an_unknown_option_and_no_command(tmp_path: Path) -> None:
    assert conftest.run("refresh", "--fast").code == 2
    assert conftest.run("juggle").code == 2
    assert "Usage" in conftest.run().out + conftest.run().err
    assert conftest.run("--version").out.strip() == "0.1.0"


@pytest.mark.parametrize("command", ["refresh", "status", "kpis", "report", "rollback", "simulate", "doctor"])
def test_every_command_explains_itself(command: str) -> None:
    outcome = conftest.run(command, "--help")
    assert outcome.code == 0
    assert len(outcome.out) > 300


def test_the_help_names_a_make_target_that_exists(project_dir: Path) -> None:
    said = " ".join(conftest.run("mf", "--help").out.split())
    named = set(re.findall(r"make ([a-z-]+)(?: TARGET=([a-z]+))?", said))
    assert named == {("setup", "metrics")}
    makefile = (project_dir / "Makefile").read_text()
    assert "\nsetup:" in makefile and re.search(r"^EXTRA :=.*\bmetrics\b", makefile, re.MULTILINE)


def test_nothing_published_yet(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "Nothing is published yet" in conftest.run("status", "--warehouse-dir", empty).out
    outcome = conftest.run("status", "--warehouse-dir", tmp_path / "none", "--json")
    assert outcome.code == 2
    assert "There is no warehouse in" in outcome.json()["message"]
    outcome = conftest.run("kpis", "--warehouse-dir", empty)
    assert outcome.code == 2
    assert "Nothing is published in" in outcome.err
    outcome = conftest.run("rollback", "--warehouse-dir", empty)
    assert outcome.code == 2
    assert "no build to go back to" in outcome.err


def test_simulate_writes_a_raw_folder_that_the_doctor_likes(tmp_path: Path) -> None:
    out = tmp_path / "made"
    outcome = conftest.run("simulate", "--tickets", "50", "--seed", "3", "--out", out, "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json()["tickets"] == 50
    assert (out / "tickets.csv").exists() and (out / "truth").is_dir()
    outcome = conftest.run("doctor", "--raw-dir", out, "--warehouse-dir", tmp_path / "w", "--json")
    findings = {finding["topic"]: finding for finding in outcome.json()["findings"]}
    assert findings["raw input"]["ok"], findings
    assert outcome.code == 0
    assert not (tmp_path / "w").exists()
    assert conftest.run("simulate", "--tickets", "5", "--out", out, "--format", "xml").code == 2
    assert conftest.run("simulate", "--tickets", "5", "--out", out, "--months", "121").code == 2
    assert conftest.run("simulate", "--tickets", "50000001", "--out", out).code == 2


def test_the_doctor_names_what_cannot_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    outcome = conftest.run(
        *("doctor", "--warehouse-dir", tmp_path / "file", "--raw-dir", tmp_path / "none", "--json"),
        SUPPORT_KPIS_TARGET="oracle",
    )
    assert outcome.code == 2
    bad = {finding["topic"]: finding["words"] for finding in outcome.json()["findings"] if not finding["ok"]}
    assert "no target 'oracle'" in bad["settings"]
    assert "is no folder" in bad["warehouse"]
    outcome = conftest.run("doctor", "--raw-dir", tmp_path / "none", "--warehouse-dir", tmp_path)
    assert outcome.code == 2
    assert "problem" in outcome.out
    assert "does not exist" in outcome.out


def test_the_real_project_takes_empty_and_odd_files(tmp_path: Path) -> None:
    """Byte order mark, Windows lines, quoted line ends, any order, unknown columns, empty tables."""
    tickets = (
        b"\xef\xbb\xbfstatus,subject,TICKET_ID , created_at,colour\r\n"
        b'new,"two\r\nlines, and ""quotes""",t1,2025-01-01T10:00:00+02:00,red\r\n'
        b" SOLVED ,,t2,2025-01-02,\r\n"
        b"new,,t3,not a time,\r\n"
    )
    interactions = (
        b"interaction_id,ticket_id,started_at,channel,direction,author_type\n"
        b"i1,t1,2025-01-01 08:00:00,email,inbound,customer\n"
        b"i2,t1,2025-01-01 09:30:00,email,outbound,agent\n"
    )
    raw = raw_folder(
        tmp_path / "raw", tickets=tickets, interactions=interactions, survey_responses=b"", orders=b""
    )
    outcome = conftest.run("refresh", "--raw-dir", raw, "--warehouse-dir", tmp_path / "w", "--json")
    assert outcome.code == 0, outcome.err
    told = outcome.json()
    assert told["tables"]["fct_tickets"] == 2
    assert told["tables"]["fct_interactions"] == 2
    assert told["quarantined"] == {"tickets": 1}
    assert told["as_of"] == "2025-01-02T00:00:00Z"
    notes = " ".join(told["notes"])
    assert "The required table survey_responses is empty" in notes
    assert "The required table ticket_events is empty" in notes
    assert "required table tickets" not in notes


@pytest.mark.slow
def test_the_real_project_builds_empty_marts_from_empty_tables(tmp_path: Path) -> None:
    raw = raw_folder(tmp_path / "raw", tickets=b"", interactions=b"", ticket_events=b"", survey_responses=b"")
    outcome = conftest.run("refresh", "--raw-dir", raw, "--warehouse-dir", tmp_path / "w", "--json")
    assert outcome.code == 0, outcome.err
    told = outcome.json()
    assert told["as_of"] is None
    facts = {table: rows for table, rows in told["tables"].items() if table.startswith(("fct_", "dim_"))}
    assert set(facts.values()) == {0}
    assert told["tables"]["kpi_scorecard"] == 0
    assert "no figure yet" in Path(told["report"]).read_text(encoding="utf-8")
    assert sum("is empty" in note for note in told["notes"]) == 4
