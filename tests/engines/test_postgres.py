"""On a real PostgreSQL server: the marts of DuckDB, swapped in one step, and failures told in words."""

import json
import re
import threading
from pathlib import Path

import duckdb
import psycopg2
import pytest
import sqlalchemy
from clients import JDBC_JAR, ask, need_jdbc, need_odbc
from comparison import compared_tables, differences
from exports import export_postgres
from postgres_server import PostgresServer

from conftest import PROJECT, OnDuckDb, OnPostgres, Outcome, run

FIGURE = re.compile(r'<data value="([^"]+)">')


@pytest.fixture(scope="module")
def published(on_postgres: OnPostgres) -> Outcome:
    return on_postgres.refreshed


@pytest.fixture(scope="module")
def warehouse(on_postgres: OnPostgres) -> Path:
    return on_postgres.warehouse


def test_a_refresh_publishes_what_duckdb_publishes(
    published: Outcome, server: PostgresServer, on_duckdb: OnDuckDb, warehouse: Path, tmp_path: Path
) -> None:
    theirs = export_postgres(server.environment, PROJECT, tmp_path / "postgres.duckdb")
    assert sum(compared_tables(on_duckdb.published).values()) > 100_000
    assert [str(difference) for difference in differences(on_duckdb.published, theirs)] == []
    assert published.json()["tables"] == on_duckdb.refreshed.json()["tables"]
    # The page shows the same figures, whichever engine it was read from.
    pages = [
        (folder / "report.html").read_text(encoding="utf-8") for folder in (on_duckdb.warehouse, warehouse)
    ]
    dev, postgres = ([float(value) for value in FIGURE.findall(page)] for page in pages)
    assert len(dev) > 100 and dev == pytest.approx(postgres, rel=1e-9)


def test_the_comparison_names_table_key_and_column(
    published: Outcome, server: PostgresServer, tmp_path: Path
) -> None:
    left = export_postgres(server.environment, PROJECT, tmp_path / "left.duckdb")
    right = export_postgres(server.environment, PROJECT, tmp_path / "right.duckdb")
    with duckdb.connect(str(right)) as connection:
        row = connection.execute("select min(ticket_id) from marts.fct_tickets").fetchone()
        assert row
        connection.execute("update marts.fct_tickets set channel = 'fax' where ticket_id = ?", list(row))
        connection.execute(
            "delete from marts.dim_teams where team_id = (select min(team_id) from marts.dim_teams)"
        )
    found = list(differences(left, right))
    assert [(difference.table, difference.column) for difference in found] == [
        ("dim_teams", ""),
        ("fct_tickets", "channel"),
    ]
    assert found[1].where == f"ticket_id {row[0]}"
    assert found[1].right == "fax"


def test_bi_reads_what_is_published_and_nothing_else(published: Outcome, server: PostgresServer) -> None:
    bi = {"user": "bi", "password": "bi"}
    assert int(server.psql("select count(*) from marts.kpi_scorecard", **bi)) > 0
    with pytest.raises(RuntimeError, match="permission denied"):
        server.psql("select count(*) from intermediate.int_customers_resolved", **bi)
    with pytest.raises(RuntimeError, match="permission denied"):
        server.psql("delete from marts.kpi_scorecard", **bi)
    words = "select obj_description('marts.kpi_scorecard'::regclass)"
    assert server.psql(words)


QUESTION = (
    "select kpi_key, cast(sample_size as varchar(20)) as n from marts.kpi_scorecard "
    "where dimension = 'all' and period_grain = 'month' order by kpi_key, period_start"
)


def test_a_tool_reads_as_the_reader_by_odbc(published: Outcome, server: PostgresServer) -> None:
    need_odbc()
    string = (
        f"Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={server.port};Database={server.database};"
        "Uid=bi;Pwd=bi;"
    )
    expected = [line.split("|") for line in server.psql(QUESTION).splitlines()]
    assert ask("odbc", string, QUESTION)["rows"] == expected
    assert "permission denied" in ask("odbc", string, "delete from marts.kpi_scorecard")["refused"]
    assert "authentication failed" in ask("odbc", string.replace("Pwd=bi", "Pwd=no"), QUESTION)["refused"]


def test_a_tool_reads_as_the_reader_by_jdbc(published: Outcome, server: PostgresServer) -> None:
    need_jdbc()
    url = f"jdbc:postgresql://127.0.0.1:{server.port}/{server.database}"
    expected = [line.split("|") for line in server.psql(QUESTION).splitlines()]
    assert ask("jdbc", JDBC_JAR, url, "bi", "bi", QUESTION)["rows"] == expected
    refused = ask("jdbc", JDBC_JAR, url, "bi", "bi", "delete from marts.kpi_scorecard returning 1")
    assert "permission denied" in refused["refused"]


def test_a_tool_reads_as_the_reader_by_sqlalchemy(published: Outcome, server: PostgresServer) -> None:
    url = f"postgresql+psycopg2://bi:bi@127.0.0.1:{server.port}/{server.database}"
    with sqlalchemy.create_engine(url).connect() as connection:
        rows = connection.execute(sqlalchemy.text(QUESTION)).fetchall()
    assert [list(row) for row in rows] == [line.split("|") for line in server.psql(QUESTION).splitlines()]


def test_status_and_kpis_follow_the_last_run(
    published: Outcome, server: PostgresServer, warehouse: Path
) -> None:
    status = run("status", "--warehouse-dir", warehouse, "--json", **server.environment)
    assert status.code == 0, status.err
    assert status.json()["run_id"] == published.json()["run_id"]
    assert status.json()["tables"]["fct_tickets"] > 200
    scores = run("kpis", "--warehouse-dir", warehouse, "--kpi", "csat_score", "--json", **server.environment)
    assert scores.json()["scores"][0]["kpi_key"] == "csat_score"


def test_a_second_refresh_swaps_under_readers_and_can_be_rolled_back(
    published: Outcome, server: PostgresServer, raw: Path, warehouse: Path
) -> None:
    failures: list[str] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                assert int(server.psql("select count(*) from marts.fct_tickets")) > 0
            except (AssertionError, RuntimeError) as error:
                failures.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    again = run(
        *("refresh", "--target", "postgres", "--raw-dir", raw, "--warehouse-dir", warehouse, "--json"),
        **server.environment,
    )
    ended.set()
    reader.join()
    assert again.code == 0, again.err
    assert failures == []
    first, second = published.json()["run_id"], again.json()["run_id"]
    back = run("rollback", "--warehouse-dir", warehouse, "--json", **server.environment)
    assert (back.code, back.json()["published_run_id"]) == (0, first), back.err
    ids = "select max(run_id) from marts.ops_refresh_runs where status = 'published'"
    assert server.psql(ids) == first
    forth = run("rollback", second, "--warehouse-dir", warehouse, "--json", **server.environment)
    assert (forth.code, server.psql(ids)) == (0, second), forth.err


def test_another_machine_holds_the_lock(published: Outcome, server: PostgresServer, tmp_path: Path) -> None:
    from support_kpis.engines.postgres_schemas import _LOCK

    other = psycopg2.connect(
        host="127.0.0.1", port=server.port, user=server.user, password=server.password, dbname=server.database
    )
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
    refused = run("refresh", "--target", "postgres", "--warehouse-dir", tmp_path, **server.environment)
    other.close()
    assert refused.code == 3
    assert "perhaps on another machine" in refused.err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PORT", "1", "No PostgreSQL server answers at 127.0.0.1:1"),
        ("PASSWORD", "wrong", "set SUPPORT_KPIS_POSTGRES_USER and SUPPORT_KPIS_POSTGRES_PASSWORD"),
        ("DATABASE", "nowhere", "has no database nowhere"),
    ],
)
def test_what_is_missing_is_named(
    server: PostgresServer, tmp_path: Path, variable: str, value: str, words: str
) -> None:
    environment = {**server.environment, f"SUPPORT_KPIS_POSTGRES_{variable}": value}
    for command in ("refresh", "doctor"):
        refused = run(
            command, "--target", "postgres", "--warehouse-dir", tmp_path / command, "--json", **environment
        )
        assert refused.code == 2
        assert words in refused.out
        assert "Traceback" not in refused.err


def test_a_missing_adapter_is_named(server: PostgresServer, tmp_path: Path) -> None:
    # As if the driver, and with it the adapter, were not installed.
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['psycopg2'] = None\n")
    told = refused(tmp_path, {**server.environment, "PYTHONPATH": str(tmp_path)})
    assert "needs the adapter of PostgreSQL, which is not installed: run make setup TARGET=postgres" in told


def test_a_server_that_goes_away_is_named(server: PostgresServer, raw: Path, tmp_path: Path) -> None:
    ended = threading.Event()

    def cut_off() -> None:
        while not ended.is_set():
            server.psql(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name = 'support-kpis'"
            )

    cutter = threading.Thread(target=cut_off)
    cutter.start()
    where = ("--target", "postgres", "--raw-dir", raw, "--warehouse-dir", tmp_path)
    outcome = run("refresh", *where, **server.environment)
    ended.set()
    cutter.join()
    assert outcome.code == 1, outcome.err
    assert "The engine of target 'postgres' failed during 'check'" in outcome.err


def test_a_signal_ends_what_the_server_does(server: PostgresServer, raw: Path, tmp_path: Path) -> None:
    swallowed = {"PYTHONPATH": str(PROJECT / "tests" / "swallowed_signal")}
    where = ("--target", "postgres", "--raw-dir", raw, "--warehouse-dir", tmp_path)
    outcome = run("refresh", *where, **server.environment, **swallowed)
    assert outcome.code == 1, outcome.err
    assert "Stopped by SIGTERM: nothing was published" in outcome.err
    assert "closed the connection" in (tmp_path / "logs" / "dbt.log").read_text()


def as_role(server: PostgresServer, name: str) -> dict[str, str]:
    """The environment of a refresh as some role, whose password is its name."""
    user = {"SUPPORT_KPIS_POSTGRES_USER": name, "SUPPORT_KPIS_POSTGRES_PASSWORD": name}
    return {**server.environment, **user}


def refused(tmp_path: Path, environment: dict[str, str]) -> str:
    """What refresh and doctor say of an environment in which nothing can be built: the same sentence."""
    words = []
    for command in ("refresh", "doctor"):
        where = ("--target", "postgres", "--warehouse-dir", tmp_path / command, "--json")
        outcome = run(command, *where, **environment)
        assert outcome.code == 2, outcome.err
        assert "Traceback" not in outcome.err
        words.append(outcome.out)
    told = str(json.loads(words[0])["message"])
    assert json.dumps(told)[1:-1] in words[1]
    return told


def test_a_role_that_may_make_no_schemas_is_named(
    published: Outcome, server: PostgresServer, tmp_path: Path
) -> None:
    assert "grant create on database support_kpis to bi" in refused(tmp_path, as_role(server, "bi"))


def test_a_schema_of_somebody_else_is_named(
    published: Outcome, server: PostgresServer, tmp_path: Path
) -> None:
    server.psql("create role newcomer login password 'newcomer'")
    server.psql("grant create on database support_kpis to newcomer")
    told = refused(tmp_path, as_role(server, "newcomer"))
    assert "belongs to support_kpis, and user newcomer may not replace it: alter schema" in told


def test_a_reader_that_is_not_there_is_named(server: PostgresServer, tmp_path: Path) -> None:
    told = refused(tmp_path, {**server.environment, "SUPPORT_KPIS_POSTGRES_READER": "nobody_here"})
    assert "has no such role: create role nobody_here login" in told


def test_a_raw_schema_that_may_not_be_read_is_named(server: PostgresServer, tmp_path: Path) -> None:
    server.psql("create role keeper login password 'keeper'")
    server.psql("grant create on database support_kpis to keeper")
    for statement in ("create schema closed", "create table closed.tickets (ticket_id text)"):
        server.psql(statement, user="keeper", password="keeper")
    environment = {**server.environment, "SUPPORT_KPIS_RAW_SCHEMA": "closed"}
    where = ("--target", "postgres", "--warehouse-dir", tmp_path)
    outcome = run("refresh", *where, **environment)
    assert outcome.code == 2
    assert (
        "may not read tickets in schema closed: grant usage on schema closed to support_kpis" in outcome.err
    )
