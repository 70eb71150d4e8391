"""Personal values stay out of what is published, and an erased customer is nowhere in it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from support_kpis.contract import load_contract

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


def test_no_personal_value_is_published(sample: object) -> None:
    personal = personal_values()
    assert len(personal) > 1000
    for place, _, values in published_texts(sample.published):  # type: ignore[attr-defined]
        assert not values & personal, place
        telling = [value for value in values if "@" in value]
        assert not telling, (place, telling[:3])


def test_rejected_records_mask_personal_and_unknown_columns(sample: object) -> None:
    pii = {
        (table.name, name)
        for table in load_contract(PROJECT).values()
        for name, column in table.columns.items()
        if column.pii
    }
    with duckdb.connect(str(sample.published), read_only=True) as connection:  # type: ignore[attr-defined]
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


def test_erased_customers_are_nowhere(sample: object) -> None:
    erased = erased_ids()
    assert erased
    with duckdb.connect(str(sample.published), read_only=True) as connection:  # type: ignore[attr-defined]
        pseudonyms = connection.execute("select count(*) from marts.dim_customers where is_erased").fetchone()
        balanced = connection.execute("select bool_and(is_balanced) from marts.ops_reconciliation").fetchone()
    assert pseudonyms is not None and pseudonyms[0] > 0
    assert balanced == (True,)
    for place, column, values in published_texts(sample.published):  # type: ignore[attr-defined]
        if column == "raw_record":
            for record in values:
                assert not set(json.loads(record).values()) & erased, place
        else:
            assert not values & erased, place


def test_erasure_reaches_the_builds_that_are_kept(
    command: Callable[..., object], tmp_path: Path, sample_raw: Path
) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(sample_raw, raw)
    first = command("refresh", "--raw-dir", raw, "--warehouse-dir", tmp_path / "warehouse")
    assert first.code == 0, first.err  # type: ignore[attr-defined]

    tickets = {row["customer_id"] for row in raw_rows("tickets", raw, "")}
    customers = list(raw_rows("customers", raw, ""))
    chosen = next(
        row["customer_id"]
        for row in customers
        if row["customer_id"] in tickets
        and not row["erased_at"]
        and not row["merged_into_customer_id"]
        and sum(other["customer_id"] == row["customer_id"] for other in customers) == 1
        and not any(other["merged_into_customer_id"] == row["customer_id"] for other in customers)
    )
    for row in customers:
        if row["customer_id"] == chosen:
            row["erased_at"] = "2025-03-01T00:00:00Z"
    with (raw / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(customers[0]))
        writer.writeheader()
        writer.writerows(customers)

    second = command("refresh", "--raw-dir", raw, "--warehouse-dir", tmp_path / "warehouse")
    assert second.code == 0, second.err  # type: ignore[attr-defined]
    kept = sorted((tmp_path / "warehouse" / "published").glob("*.duckdb"))
    assert len(kept) >= 2
    for published in kept:
        for place, _, values in published_texts(published):
            assert chosen not in values, (published.name, place)
            assert not [value for value in values if f'"{chosen}"' in value], (published.name, place)


@pytest.fixture(scope="session")
def sample_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a raw folder."""
    folder = tmp_path_factory.mktemp("sample-raw")
    for path in SAMPLE.glob("raw_*.csv"):
        shutil.copy(path, folder / path.name.removeprefix("raw_"))
    return folder
