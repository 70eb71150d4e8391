"""The published file opens in the oldest DuckDB that is promised, and its figures come out the same."""

from pathlib import Path

import duckdb
import pytest
from clients import ask

from conftest import OnDuckDb

QUESTION = (
    "select kpi_key, period_start, value, sample_size from marts.kpi_scorecard "
    "where dimension = 'all' and period_grain = 'month' order by kpi_key, period_start"
)


@pytest.fixture(scope="module")
def published(on_duckdb: OnDuckDb) -> Path:
    return on_duckdb.published


def test_the_oldest_client_reads_every_table(published: Path) -> None:
    assert ask("duckdb", published, "select version()")["rows"] == [["v1.4.0"]]
    with duckdb.connect(str(published), read_only=True) as connection:
        expected = connection.execute(QUESTION).fetchall()
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        counts = {
            name: connection.execute(f"select count(*) from marts.{name}").fetchone() for (name,) in tables
        }
    rows = ask("duckdb", published, QUESTION)["rows"]
    assert rows == [[key, str(start), value, n] for key, start, value, n in expected]
    assert len(rows) > 50
    for name, count in counts.items():
        assert ask("duckdb", published, f"select count(*) from marts.{name}")["rows"] == [list(count or ())]
    assert "read-only" in ask("duckdb", published, "delete from marts.kpi_scorecard")["refused"]
