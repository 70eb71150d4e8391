"""Raw files on their way to another engine: every value arrives there as DuckDB itself would read it."""

from pathlib import Path

import duckdb
import pytest

from support_kpis.contract import Column, RawTable
from support_kpis.engines.postgres_land import names_that_fit
from support_kpis.engines.raw_texts import columns_of, text_reader, texts_of

AGENTS = RawTable(
    *("agents", ("agent_id",), True),
    {"agent_id": Column("agent_id", "text"), "hired_on": Column("hired_on", "date")},
)


def texts(path: Path, query: str) -> list[tuple[object, ...]]:
    """The texts of a Parquet file that holds what a query gives."""
    with duckdb.connect(":memory:") as writer:
        writer.execute(f"copy ({query}) to '{path}' (format parquet)")
    with text_reader() as reader:
        return reader.execute(texts_of(path, columns_of(reader, path), AGENTS)).fetchall()


def test_instants_are_written_in_utc_on_a_machine_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    found = texts(tmp_path / "raw.parquet", "select timestamptz '2024-05-01 10:00:00+02' as created_at")
    assert found == [("2024-05-01 08:00:00+00",)]


def test_dates_and_ids_of_data_frames_are_written_as_meant(tmp_path: Path) -> None:
    found = texts(
        tmp_path / "raw.parquet",
        "select 17.0::double as \"Agent_ID\", timestamp '2024-01-01' as hired_on, 5.0::double as other, "
        "timestamp '2024-01-01' as at "
        "union all select 'nan'::double, timestamp '2024-01-01 08:00', null, null",
    )
    assert found == [
        ("17", "2024-01-01", "5.0", "2024-01-01 00:00:00"),
        ("nan", "2024-01-01 08:00:00", None, None),
    ]


def test_for_ever_and_always_are_written_as_times_that_can_be_read(tmp_path: Path) -> None:
    found = texts(
        tmp_path / "raw.parquet",
        "select timestamp 'infinity' as a, timestamp '-infinity' as b, date 'infinity' as c, "
        "timestamp '290000-01-01' as d, timestamp '0001-01-01' - interval 1 day as e, "
        "timestamp '2024-05-01 08:00:00.5' as f, null::timestamp as g, date '0001-01-01' as h",
    )
    assert found == [
        (
            *("9999-12-31 23:59:59", "0001-01-01 00:00:00", "9999-12-31", "9999-12-31 23:59:59"),
            *("0001-01-01 00:00:00", "2024-05-01 08:00:00.5", None, "0001-01-01"),
        )
    ]


def test_long_names_of_columns_fit_postgres_and_stay_apart() -> None:
    names = ["a" * 63, "a" * 70, "a" * 71, "é" * 40, "ticket_id"]
    fitting = names_that_fit(names)
    assert fitting[0] == names[0]
    assert fitting[4] == "ticket_id"
    assert fitting[3] == "é" * 31
    assert len(set(fitting)) == 5
    assert all(len(name.encode()) <= 63 for name in fitting)
