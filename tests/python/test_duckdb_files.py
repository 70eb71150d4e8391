"""Publishing on DuckDB: one step, whole files, earlier builds kept, readers undisturbed."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from support_kpis.engines.duckdb_copy import TableDocs
from support_kpis.engines.duckdb_files import DuckDbFiles, run_id_of
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse
from support_kpis.rollback import rollback
from support_kpis.runs import PUBLISHED, Run, RunLog
from support_kpis.status import read_status

DOCS = {"fct_things": TableDocs("One row a thing's state.", {"thing_id": "The thing's key.", "gone": "x"})}


def built(tmp_path: Path) -> DuckDbFiles:
    engine = DuckDbFiles(Warehouse(tmp_path))
    engine.prepare("000001")
    engine.land_run_log([])
    with duckdb.connect(str(engine.warehouse.build_database)) as connection:
        connection.execute(
            """
            create schema marts;
            create schema staging;
            create table staging.secrets as select 'mail@example.org' as email;
            create table marts.fct_things as
                select (100 - range)::varchar as thing_id, range as amount from range(100);
            create table marts.ops_pairs as
                select * from (values ('b', 1), ('a', 2), ('a', 1), (null, 3)) as pairs (word, number);
            create table marts.not_ours as select 1 as one;
            create view marts.dim_view as select thing_id from marts.fct_things;
            create table marts.ops_refresh_runs as from refresh_log.refresh_runs
            """
        )
    return engine


def publish(engine: DuckDbFiles, number: int) -> str:
    run = Run(f"{number:06d}", datetime(2025, 1, number), datetime(2025, 1, number), PUBLISHED)
    engine.write_candidate(run.run_id, DOCS)
    engine.seal_candidate(run)
    engine.publish_candidate(run.run_id)
    return run.run_id


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_candidate_holds_the_marts_alone_in_order_and_with_words(tmp_path: Path) -> None:
    engine = built(tmp_path)
    rows = engine.write_candidate("000001", DOCS)
    assert rows == {"dim_view": 100, "fct_things": 100, "ops_pairs": 4, "ops_refresh_runs": 0}
    path = engine.warehouse.candidate("000001")
    assert not path.with_name(path.name + ".wal").exists()
    assert query(path, "select distinct schema_name from duckdb_tables()") == [("marts",)]
    keys = [key for (key,) in query(path, "from marts.fct_things select thing_id")]
    assert keys == sorted(keys)
    pairs = query(path, "from marts.ops_pairs")
    assert pairs == [(None, 3), ("a", 1), ("a", 2), ("b", 1)]
    assert query(path, "select comment from duckdb_tables() where table_name = 'fct_things'") == [
        ("One row a thing's state.",)
    ]
    comments = query(path, "select comment from duckdb_columns() where table_name = 'fct_things' order by 1")
    assert comments == [("The thing's key.",), (None,)]
    version = (
        duckdb.connect(":memory:")
        .execute(f"attach '{path}' as c (read_only)")
        .execute("select tags['storage_version'] from duckdb_databases() where database_name = 'c'")
    )
    assert "v1.4.0" in str(version.fetchone())


def test_publishing_adds_the_runs_own_row_and_keeps_what_was_there(tmp_path: Path) -> None:
    engine = built(tmp_path)
    publish(engine, 1)
    assert engine.published_run_id() == "000001"
    assert engine.warehouse.earlier() == {}
    publish(engine, 2)
    assert engine.published_run_id() == "000002"
    assert list(engine.warehouse.earlier()) == ["000001"]
    assert run_id_of(engine.warehouse.earlier_path("000001")) == "000001"
    assert engine.warehouse.candidates() == []


def test_five_earlier_builds_stay(tmp_path: Path) -> None:
    engine = built(tmp_path)
    for number in range(1, 9):
        publish(engine, number)
    assert engine.prune(5) == ["000001", "000002"]
    assert list(engine.warehouse.earlier()) == ["000003", "000004", "000005", "000006", "000007"]
    assert engine.published_run_id() == "000008"


def test_a_reader_keeps_its_snapshot_while_another_build_is_published(tmp_path: Path) -> None:
    engine = built(tmp_path)
    publish(engine, 1)
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
            "print(connection.execute('select count(*) from marts.fct_things').fetchone()[0], flush=True)\n"
            "sys.stdin.readline()\n"
            "print(connection.execute('select count(*) from marts.fct_things').fetchone()[0], flush=True)\n",
            str(engine.warehouse.published_database),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None and reader.stdout is not None
    assert reader.stdout.readline() == "100\n"
    with duckdb.connect(str(engine.warehouse.build_database)) as connection:
        connection.execute("insert into marts.fct_things values ('new', 1)")
    publish(engine, 2)
    assert query(engine.warehouse.published_database, "select count(*) from marts.fct_things") == [(101,)]
    out, _ = reader.communicate("\n", timeout=30)
    assert out == "100\n"
    assert reader.returncode == 0


def test_rollback_goes_back_and_forth_and_is_recorded(tmp_path: Path) -> None:
    engine = built(tmp_path)
    log = RunLog(engine.warehouse.run_log)
    for number in (1, 2, 3):
        run = log.start(target="dev")
        publish(engine, number)
        log.finish(replace(run, status=PUBLISHED))
    run, chosen, path = rollback(engine.warehouse, None)
    assert (chosen, path) == ("000002", str(engine.warehouse.published_database))
    assert engine.published_run_id() == "000002"
    assert list(engine.warehouse.earlier()) == ["000001", "000003"]
    assert (run.run_id, run.status) == ("000004", "rolled_back")
    assert log.runs()[-1] == run
    assert rollback(engine.warehouse, "3")[1] == "000003"
    assert engine.published_run_id() == "000003"
    assert rollback(engine.warehouse, "000001")[1] == "000001"
    with pytest.raises(WrongUse, match="No build before run 000001 is kept"):
        rollback(engine.warehouse, None)
    with pytest.raises(WrongUse, match="Run 000001 is what is published"):
        rollback(engine.warehouse, "1")
    with pytest.raises(WrongUse, match=r"no build of run 77 .*there are those of 000002, 000003"):
        rollback(engine.warehouse, "77")
    engine.warehouse.earlier_path("000002").write_bytes(b"not a database")
    with pytest.raises(WrongUse, match="damaged"):
        rollback(engine.warehouse, "2")
    assert engine.published_run_id() == "000001"


def test_a_damaged_published_file_is_not_called_none(tmp_path: Path) -> None:
    engine = built(tmp_path)
    publish(engine, 1)
    publish(engine, 2)
    assert read_status(engine.warehouse).trouble is None
    engine.warehouse.published_database.unlink()
    assert read_status(engine.warehouse).database is None
    engine.warehouse.published_database.write_bytes(b"damaged" * 999)
    status = read_status(engine.warehouse)
    assert status.trouble is not None
    assert "Run support-kpis rollback to publish the build of run 000001 again, or support-kpis refresh" in (
        status.trouble
    )
    rollback(engine.warehouse, None)
    assert (read_status(engine.warehouse).run_id, read_status(engine.warehouse).trouble) == ("000001", None)


def test_nothing_to_roll_back_to(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="Nothing is published"):
        rollback(Warehouse(tmp_path / "w"), None)


def test_a_damaged_working_database_is_put_aside(tmp_path: Path) -> None:
    engine = built(tmp_path)
    engine.warehouse.build_database.write_bytes(b"\0" * 20_000)
    engine.warehouse.candidate("000009").write_bytes(b"half")
    (engine.warehouse.temp_dir / "spill.tmp").write_bytes(b"x")
    done = engine.prepare("000010")
    assert any("could not be opened; moved to damaged-000010.duckdb" in words for words in done)
    assert any("removed .candidate-000009.duckdb" in words for words in done)
    assert engine.warehouse.candidates() == []
    assert list(engine.warehouse.temp_dir.iterdir()) == []
    engine.land_run_log([])
    assert query(engine.warehouse.build_database, "select count(*) from refresh_log.refresh_runs") == [(0,)]


def test_a_working_database_that_another_process_has_open_is_told(tmp_path: Path) -> None:
    engine = built(tmp_path)
    other = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "connection = duckdb.connect(sys.argv[1])\n"
            "print('open', flush=True)\n"
            "sys.stdin.readline()\n",
            str(engine.warehouse.build_database),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    with pytest.raises(WrongUse, match=f"is open in process {other.pid}: close it there"):
        engine.prepare("000002")
    other.communicate("\n", timeout=30)
    assert engine.prepare("000002") == []


def test_a_tool_that_opens_the_published_file_for_writing_disturbs_nothing(tmp_path: Path) -> None:
    engine = built(tmp_path)
    publish(engine, 1)
    tool = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "connection = duckdb.connect(sys.argv[1])\n"
            "print('open', flush=True)\n"
            "sys.stdin.readline()\n"
            "print(connection.execute('select count(*) from marts.fct_things').fetchone()[0])\n",
            str(engine.warehouse.published_database),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert tool.stdout is not None
    assert tool.stdout.readline() == "open\n"
    assert engine.published_run_id() == "000001"
    with engine.reading_published() as connection:
        assert connection.execute("select count(*) from marts.fct_things").fetchone() == (100,)
    publish(engine, 2)
    assert list(engine.warehouse.earlier()) == ["000001"]
    assert engine.published_run_id() == "000002"
    out, _ = tool.communicate("\n", timeout=30)
    assert (out, tool.returncode) == ("100\n", 0)


def test_publishing_works_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = built(tmp_path)
    publish(engine, 1)

    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    publish(engine, 2)
    assert run_id_of(engine.warehouse.earlier_path("000001")) == "000001"
    assert engine.published_run_id() == "000002"


def test_a_leftover_log_beside_the_published_file_is_not_played_into_the_new_one(tmp_path: Path) -> None:
    engine = built(tmp_path)
    publish(engine, 1)
    leftover = engine.warehouse.published_dir / "support_kpis.duckdb.wal"
    leftover.write_bytes(b"leftover")
    publish(engine, 2)
    assert not leftover.exists()
    assert query(engine.warehouse.published_database, "select count(*) from marts.fct_things") == [(100,)]


def test_the_published_file_can_be_read_by_others(tmp_path: Path) -> None:
    engine = built(tmp_path)
    publish(engine, 1)
    mode = engine.warehouse.published_database.stat().st_mode
    assert mode & stat.S_IRUSR
