"""Personal values stay out of what is published, and an erased customer is nowhere in it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from conftest import Built
from support_kpis.contract import load_contract
from support_kpis.engines.duckdb_files import DuckDbFiles
from support_kpis.layout import Warehouse

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "seeds" / "sample"
# A word such as "ok" stands in many places; what is longer is somebody's.
SHORTEST_TELLING_TEXT = 12


def raw_rows(table: str, folder: Path = SAMPLE, prefix: str = "raw_") -> Iterator[dict[str, str]]:
    """The rows of a raw CSV file."""
    with (folder / f"{prefix}{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def personal_values() -> set[str]:
    """Every value of a column that the contract calls personal."""
    return {
        row[name]
        for table in load_contract(PROJECT).values()
        for name in [name for name, column in table.columns.items() if column.pii]
        for row in raw_rows(table.name)
        if len(row.get(name) or "") >= SHORTEST_TELLING_TEXT
    }


def published_texts(published: Path) -> Iterator[tuple[str, str, set[str]]]:
    """Each text column of the published file with its distinct values."""
    with duckdb.connect(str(published), read_only=True) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where data_type = 'VARCHAR'"
        ).fetchall()
        for schema, table, column in columns:
            values = connection.execute(
                f'select distinct "{column}" from "{schema}"."{table}" where "{column}" is not null'
            ).fetchall()
            yield f"{table}.{column}", column, {value for (value,) in values}


def erased_ids() -> set[str]:
    """Customers of the sample who are erased, as the simulator knows it."""
    path = PROJECT / "tests" / "data" / "sample_truth" / "customers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["customer_id"] for row in csv.DictReader(file) if row["is_erased"] == "true"}


def test_no_personal_value_is_published(sample: Built) -> None:
    personal = personal_values()
    assert len(personal) > 1000
    for place, _, values in published_texts(sample.published):
        assert not values & personal, place
        telling = [value for value in values if "@" in value]
        assert not telling, (place, telling[:3])


def test_rejected_records_mask_personal_and_unknown_columns(sample: Built) -> None:
    pii = {
        (table.name, name)
        for table in load_contract(PROJECT).values()
        for name, column in table.columns.items()
        if column.pii
    }
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        records = connection.execute("select raw_table, raw_record from marts.ops_quarantine").fetchall()
    known = {table.name: set(table.columns) for table in load_contract(PROJECT).values()}
    assert records
    for table, record in records:
        for name, value in json.loads(record).items():
            if (table, name) in pii or name not in known[table]:
                assert value in (None, "***"), (table, name)


def test_tagged_columns_reach_no_mart() -> None:
    manifest_columns = {
        (path.name, line.split("name:")[1].strip())
        for path in (PROJECT / "models" / "marts").rglob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- name:")
    }
    pii_names = {
        name
        for table in load_contract(PROJECT).values()
        for name, column in table.columns.items()
        if column.pii
    }
    assert {"name", "email", "phone", "body", "comment"} <= pii_names
    assert not {name for _, name in manifest_columns} & pii_names


def test_erased_customers_are_nowhere(sample: Built) -> None:
    erased = erased_ids()
    assert erased
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        pseudonyms = connection.execute("select count(*) from marts.dim_customers where is_erased").fetchone()
        balanced = connection.execute("select bool_and(is_balanced) from marts.ops_reconciliation").fetchone()
    assert pseudonyms is not None and pseudonyms[0] > 0
    assert balanced == (True,)
    for place, column, values in published_texts(sample.published):
        if column == "raw_record":
            for record in values:
                assert not set(json.loads(record).values()) & erased, place
        else:
            assert not values & erased, place


def test_erasure_reaches_the_builds_that_are_kept(sample_copy: Built) -> None:
    earlier = sample_copy.root / "published" / "support_kpis-000000.duckdb"
    shutil.copy(sample_copy.published, earlier)
    build = sample_copy.root / "build" / "support_kpis.duckdb"
    with duckdb.connect(str(sample_copy.published), read_only=True) as connection:
        before = connection.execute("select count(*) from marts.fct_tickets").fetchone()
        found = connection.execute(
            "select t.customer_id from marts.fct_tickets t join marts.dim_customers c using (customer_id) "
            "join marts.fct_orders o using (customer_id) where not c.is_erased order by 1 limit 1"
        ).fetchone()
    assert found is not None
    chosen = str(found[0])
    with duckdb.connect(str(build)) as connection:
        connection.execute(
            "update intermediate.int_customers_resolved set is_id_hidden = true, "
            "published_customer_id = 'erased-stand-in' where published_customer_id = ?",
            [chosen],
        )

    engine = DuckDbFiles(Warehouse(sample_copy.root))
    assert engine.erase_from_earlier() == ["000000"]
    for place, _, values in published_texts(earlier):
        assert chosen not in values, place
        assert not [value for value in values if f'"{chosen}"' in value], place
    with duckdb.connect(str(earlier), read_only=True) as connection:
        after = connection.execute(
            "select count(*), bool_or(customer_id = 'erased-stand-in') from marts.fct_tickets"
        ).fetchone()
        described = connection.execute(
            "select comment from duckdb_tables() where table_name = 'fct_tickets'"
        ).fetchone()
    assert before is not None and after == (before[0], True)
    assert described is not None and described[0]
    assert engine.erase_from_earlier() == []  # nothing is left to do
