"""The sample operation, through the whole path: published, repeatable, undisturbed by readers and kills."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import yaml

import conftest

# The log of runs tells of clocks and of every run, and so differs by intent.
NOT_COMPARED = {"ops_refresh_runs"}
READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
count = lambda: connection.execute("select count(*), max(created_at) from marts.fct_tickets").fetchone()
print(count(), flush=True)
for line in sys.stdin:
    print(count(), flush=True)
"""


def exports(database: Path, folder: Path) -> dict[str, str]:
    """Every table, sorted by all its columns, as CSV; the digest of each file."""
    folder.mkdir(parents=True)
    digests = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
        for (table,) in tables:
            if table not in NOT_COMPARED:
                path = folder / f"{table}.csv"
                connection.execute(f"copy (from marts.{table} order by all) to '{path}' (header)")
                digests[table] = hashlib.sha256(path.read_bytes()).hexdigest()
                path.unlink()
    return digests


def ask(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_sample_publishes_the_marts_alone(sample: conftest.Built, project_dir: Path) -> None:
    suites = sorted(path.stem for path in (project_dir / "expectations").glob("*.json"))
    assert [
        row[0] for row in ask(sample.published, "select table_name from duckdb_tables() order by 1")
    ] == suites
    assert ask(sample.published, "select distinct schema_name from duckdb_tables()") == [("marts",)]
    assert ask(sample.published, "select count(*) from duckdb_views() where not internal") == [(0,)]
    kept = sorted(path.name for path in (sample.root / "published").iterdir())
    assert kept == ["support_kpis.duckdb"]
    assert (sample.root / "data_docs" / "index.html").exists()


def test_every_published_table_and_column_is_described(sample: conftest.Built) -> None:
    bare = ask(sample.published, "select table_name from duckdb_tables() where comment is null")
    assert bare == []
    bare = ask(
        sample.published,
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and comment is null",
    )
    assert bare == []


def test_the_promised_columns_are_there(sample: conftest.Built) -> None:
    page = conftest.SHARED_DATA.parent / "contract" / "marts.yml"
    if not page.exists():
        pytest.skip("the page of promised marts is not beside the checkout (../shared/contract)")
    promised = yaml.safe_load(page.read_text())
    found: dict[str, set[object]] = {}
    for table, column in ask(
        sample.published, "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
    ):
        found.setdefault(str(table), set()).add(column)
    for table, columns in promised.items():
        if table in found:
            assert set(columns) <= found[table], table
    of_this_stage = {
        *(f"dim_{name}" for name in ("dates", "agents", "teams", "customers", "business_units", "topics")),
        *("fct_tickets", "fct_interactions", "fct_ticket_status_spans", "fct_escalations", "fct_orders"),
        *("fct_survey_responses", "fct_employee_survey_responses", "kpi_catalog", "kpi_scorecard"),
        *("ops_quarantine", "ops_exclusions", "ops_reconciliation", "ops_refresh_runs"),
    }
    assert of_this_stage <= set(found)


@pytest.mark.slow
def test_a_refresh_on_the_same_input_gives_the_same_bytes_whatever_happened_in_between(
    sample: conftest.Built, sample_copy: conftest.Built, tmp_path: Path
) -> None:
    """A reader holds the published file, a refresh is killed, the next succeeds: nothing has changed."""
    wanted = exports(sample.published, tmp_path / "first")
    assert len(wanted) >= 19
    assert exports(sample_copy.published, tmp_path / "copy") == wanted
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(sample_copy.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None and reader.stdout is not None
    seen = reader.stdout.readline()
    log = sample_copy.root / "build" / "run_log.jsonl"

    killed = conftest.start("refresh", "--warehouse-dir", sample_copy.root)
    while '"stage": "build"' not in log.read_text().split('"run_id": "000002"', 1)[-1]:
        time.sleep(0.05)
        assert killed.poll() is None
    time.sleep(12)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert exports(sample_copy.published, tmp_path / "killed") == wanted

    outcome = conftest.run("refresh", "--warehouse-dir", sample_copy.root, "--json")
    assert outcome.code == 0, outcome.err
    told = outcome.json()
    assert told["run_id"] == "000003"
    assert exports(sample_copy.published, tmp_path / "second") == wanted
    runs = ask(sample_copy.published, "select run_id, status from marts.ops_refresh_runs order by 1")
    assert runs == [("000001", "published"), ("000002", "failed"), ("000003", "published")]
    kept = sorted(path.name for path in sample_copy.published.parent.iterdir())
    assert kept == ["support_kpis-000001.duckdb", "support_kpis.duckdb"]

    out, _ = reader.communicate("again\n", timeout=60)
    assert out == seen
    assert reader.returncode == 0

    rolled = conftest.run("rollback", "--warehouse-dir", sample_copy.root, "--json")
    assert rolled.code == 0, rolled.err
    assert rolled.json()["published_run_id"] == "000001"
    assert exports(sample_copy.published, tmp_path / "rolled") == wanted


@pytest.mark.slow
def test_another_warehouse_gives_the_same_bytes(sample: conftest.Built, tmp_path: Path) -> None:
    outcome = conftest.run("refresh", "--warehouse-dir", tmp_path / "other", "--json")
    assert outcome.code == 0, outcome.err
    other = tmp_path / "other" / "published" / "support_kpis.duckdb"
    assert exports(other, tmp_path / "b") == exports(sample.published, tmp_path / "a")


def test_status_tells_what_is_published(sample: conftest.Built) -> None:
    told = conftest.run("status", "--warehouse-dir", sample.root, "--json").json()
    assert told["run_id"] == "000001"
    assert told["as_of"] == "2025-03-31T23:59:59Z"
    assert told["running"] is None
    assert told["runs"][0]["status"] == "published"
    assert told["tables"]["fct_tickets"] > 2000
    plain = conftest.run("status", "--warehouse-dir", sample.root)
    assert plain.code == 0
    assert str(sample.published) in plain.out
    assert "000001" in plain.out
    assert "raw rows in quarantine" in plain.out


def test_kpis_shows_the_scorecard(sample: conftest.Built) -> None:
    outcome = conftest.run(
        *("kpis", "--warehouse-dir", sample.root, "--period", "month", "--dimension", "team"),
        *("--kpi", "csat_score", "--kpi", "first_response_minutes_median", "--json"),
    )
    assert outcome.code == 0, outcome.err
    scores = outcome.json()["scores"]
    assert {score["kpi_key"] for score in scores} == {"csat_score", "first_response_minutes_median"}
    assert {score["period_start"] for score in scores} == {"2025-02-01"}
    for score in scores:
        wanted = ask(
            sample.published,
            "select value, sample_size from marts.kpi_scorecard where period_grain = 'month' and "
            f"dimension = 'team' and kpi_key = '{score['kpi_key']}' and "
            f"member_id = '{score['member_id']}' and period_start = date '{score['period_start']}'",
        )
        assert wanted == [(score["value"], score["sample_size"])]
    plain = conftest.run("kpis", "--warehouse-dir", sample.root, "--period", "quarter", "--last", "2")
    assert plain.code == 0
    assert " % to " in plain.out and " min" in plain.out
    assert "95 % interval" in plain.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--period", "fortnight"), "--period 'fortnight' is not known: use one of day, week, month"),
        (("--dimension", "planet"), "--dimension 'planet' is not known"),
        (("--kpi", "happiness"), "--kpi 'happiness' is not known: use one of"),
    ],
)
def test_kpis_refuses_what_it_does_not_know(
    sample: conftest.Built, arguments: tuple[str, str], words: str
) -> None:
    outcome = conftest.run("kpis", "--warehouse-dir", sample.root, *arguments)
    assert outcome.code == 2
    assert words in outcome.err


def test_the_log_of_runs_is_one_json_object_a_line(sample: conftest.Built) -> None:
    events = [json.loads(line) for line in (sample.root / "build/run_log.jsonl").read_text().splitlines()]
    assert events[0]["event"] == "started"
    stages = [event["stage"] for event in events if event["event"] == "stage"]
    assert stages == ["check", "build", "candidate", "audit", "publish"]
    assert events[-1]["row"]["status"] == "published"


def test_no_stored_whole_number_takes_sixteen_bytes(sample: conftest.Built) -> None:
    """DuckDB unpacks those far more slowly. int_topic_contacts, a row a topic, adds up squares."""
    with duckdb.connect(str(sample.root / "build" / "support_kpis.duckdb"), read_only=True) as connection:
        wide = connection.execute(
            "select distinct columns.table_name, columns.column_name from duckdb_columns() as columns "
            "inner join duckdb_tables() as tables using (table_oid) "
            "where columns.data_type = 'HUGEINT' and columns.table_name <> 'int_topic_contacts'"
        ).fetchall()
        stored = connection.execute("select count(*) from duckdb_tables()").fetchone()
    assert stored and stored[0] > 150
    assert not wide
