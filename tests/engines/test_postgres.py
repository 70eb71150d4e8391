"""On a real PostgreSQL server: the marts of DuckDB, swapped in one step, and failures told in words."""

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

from conftest import PROJECT, Outcome, run

FIGURE = re.compile(r'<data value="([^"]+)">')


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small operation with all dirt."""
    folder = tmp_path_factory.mktemp("raw")
    assert run("simulate", "--tickets", "300", "--months", "4", "--out", folder).code == 0
    return folder


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postgres")


@pytest.fixture(scope="module")
def published(server: PostgresServer, raw: Path, warehouse: Path) -> Outcome:
    """One refresh, with a role for readers."""
    server.psql("create role bi login password 'bi'")
    return run(
        *("refresh", "--target", "postgres", "--raw-dir", raw, "--warehouse-dir", warehouse, "--json"),
        **server.environment,
        SUPPORT_KPIS_POSTGRES_READER="bi",
    )


def test_a_refresh_publishes_what_duckdb_publishes(
    published: Outcome, server: PostgresServer, raw: Path, warehouse: Path, tmp_path: Path
) -> None:
    assert published.code == 0, published.err
    outcome = run("refresh", "--raw-dir", raw, "--warehouse-dir", tmp_path / "dev", "--json")
    assert outcome.code == 0, outcome.err
    ours = tmp_path / "dev/published/support_kpis.duckdb"
    theirs = export_postgres(server.environment, PROJECT, tmp_path / "postgres.duckdb")
    assert sum(compared_tables(ours).values()) > 10_000
    assert [str(difference) for difference in differences(ours, theirs)] == []
    assert {**published.json()["tables"], "ops_refresh_runs": 1} == {
        **outcome.json()["tables"],
        "ops_refresh_runs": 1,
    }
    # The page shows the same figures, whichever engine it was read from.
    pages = [(folder / "report.html").read_text(encoding="utf-8") for folder in (tmp_path / "dev", warehouse)]
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


def test_a_role_without_rights_is_named(published: Outcome, server: PostgresServer, tmp_path: Path) -> None:
    environment = {
        **server.environment,
        "SUPPORT_KPIS_POSTGRES_USER": "bi",
        "SUPPORT_KPIS_POSTGRES_PASSWORD": "bi",
    }
    refused = run("refresh", "--target", "postgres", "--warehouse-dir", tmp_path, **environment)
    assert refused.code == 2
    assert "grant create on database support_kpis to bi" in refused.err
