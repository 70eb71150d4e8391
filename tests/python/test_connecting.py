"""What docs/connecting.md promises of the published file, by the client that Python tools use."""

import shutil
from pathlib import Path

import duckdb
import pytest
import sqlalchemy
from sqlalchemy.pool import NullPool

from conftest import PROJECT, Built

LAST_RUN = sqlalchemy.text("select max(run_id) from marts.ops_refresh_runs")


def engine(file: Path, **options: object) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(f"duckdb:///{file}", connect_args={"read_only": True}, **options)


def publish(new: str, file: Path) -> None:
    """Put another build in the place of the file in one step, as a refresh does."""
    other = file.with_name("candidate")
    shutil.copy(file, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("update marts.ops_refresh_runs set run_id = ?", [new])
    other.replace(file)


@pytest.fixture
def file(sample: Built, tmp_path: Path) -> Path:
    copy = tmp_path / "support_kpis.duckdb"
    shutil.copy(sample.published, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("delete from marts.ops_refresh_runs where status <> 'published'")
        connection.execute("update marts.ops_refresh_runs set run_id = '000100'")
    return copy


def test_the_file_has_the_storage_version_that_the_page_names(sample: Built) -> None:
    header = sample.published.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    version = int.from_bytes(header[12:20], "little")
    page = (PROJECT / "docs" / "connecting.md").read_text(encoding="utf-8")
    assert f"storage version {version} (DuckDB 1.4.0 and later)" in page


def test_sqlalchemy_reads_and_cannot_write(sample: Built) -> None:
    question = "select count(*) from marts.kpi_scorecard"
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        expected = connection.execute(question).fetchone()
    reader = engine(sample.published, poolclass=NullPool)
    with reader.connect() as connection:
        assert tuple(connection.execute(sqlalchemy.text(question)).one()) == expected
        with pytest.raises(sqlalchemy.exc.ProgrammingError, match="read-only"):
            connection.execute(sqlalchemy.text("delete from marts.kpi_scorecard"))


def test_without_a_pool_the_next_question_sees_the_new_build(file: Path) -> None:
    unpooled = engine(file, poolclass=NullPool)
    with unpooled.connect() as connection:
        assert connection.execute(LAST_RUN).scalar() == "000100"
    publish("000101", file)
    with unpooled.connect() as connection:
        assert connection.execute(LAST_RUN).scalar() == "000101"


def test_who_holds_the_file_open_keeps_what_it_opened_until_it_lets_go(file: Path) -> None:
    pooled = engine(file)
    with pooled.connect() as connection:
        assert connection.execute(LAST_RUN).scalar() == "000100"
        publish("000101", file)
        assert connection.execute(LAST_RUN).scalar() == "000100"
    with pooled.connect() as connection:
        assert connection.execute(LAST_RUN).scalar() == "000100", "the pool kept the file open"
    pooled.dispose()
    with pooled.connect() as connection:
        assert connection.execute(LAST_RUN).scalar() == "000101"
    pooled.dispose()


def test_descriptions_travel_with_the_tables(sample: Built) -> None:
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        bare = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' and comment is null"
        ).fetchall()
        columns = connection.execute(
            "select count(*), count(comment) from duckdb_columns() where schema_name = 'marts'"
        ).fetchone()
    assert not bare
    assert columns and columns[0] == columns[1] > 300
