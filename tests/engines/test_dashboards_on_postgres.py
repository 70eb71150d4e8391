"""The SQL of the dashboards' datasets on a real PostgreSQL server, as the role for readers, and on DuckDB: the same rows."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import psycopg2
import pytest
import yaml
from jinja2 import Environment
from postgres_server import PostgresServer

from conftest import PROJECT, OnDuckDb, OnPostgres

DATASETS = sorted((PROJECT / "dashboards" / "datasets").glob("*.yaml"))
NOTHING: dict[str, list[str]] = {}
ONE = {"period_grain": ["quarter"], "team": ["Europe front desk"]}
MANY = {
    "period_grain": ["week"],
    "business_unit": ["Meridian Holdings", "Unknown"],
    "team": ["Europe front desk", "Unknown"],
    "channel": ["email", "chat"],
    "priority": ["normal", "high"],
}


def rendered(path: Path, filters: dict[str, list[str]]) -> str:
    """The query as Superset makes it of a dataset and filters."""
    environment = Environment()
    environment.filters["where_in"] = lambda values: "(" + ", ".join(f"'{value}'" for value in values) + ")"
    environment.globals |= {
        "filter_values": lambda column, remove_filter: filters.get(column, []),
        "get_time_filter": lambda column, strftime, remove_filter: SimpleNamespace(
            from_expr="2024-01-01", to_expr=None
        ),
    }
    return environment.from_string(yaml.safe_load(path.read_text(encoding="utf-8"))["sql"]).render()


@pytest.fixture(scope="module")
def engines(
    server: PostgresServer, on_duckdb: OnDuckDb, on_postgres: OnPostgres
) -> Iterator[tuple[Any, Any]]:
    """A reader of the same marts on each engine: DuckDB, PostgreSQL."""
    connection = psycopg2.connect(
        host="127.0.0.1", port=server.port, dbname=server.database, user="bi", password="bi"
    )
    with duckdb.connect(str(on_duckdb.published), read_only=True) as duck:
        yield duck, connection.cursor()
    connection.close()


def told(cursor: Any) -> list[tuple[str, ...]]:
    """Rows in an order of their own, numbers to ten digits; without texts of numbers, whose ties each engine rounds its own way."""
    kept = [place for place, column in enumerate(cursor.description) if not column[0].endswith("_text")]
    return sorted(tuple(said(row[place]) for place in kept) for row in cursor.fetchall())


def said(value: Any) -> str:
    return f"{float(value):.10g}" if isinstance(value, int | float | Decimal) else str(value)


@pytest.mark.parametrize("filters", [NOTHING, ONE, MANY], ids=["none", "one", "many"])
@pytest.mark.parametrize("path", DATASETS, ids=lambda path: path.stem)
def test_a_dataset_gives_the_same_on_both(
    engines: tuple[Any, Any], path: Path, filters: dict[str, list[str]]
) -> None:
    duck, postgres = engines
    query = rendered(path, filters)
    duck.execute(query)
    postgres.execute(query)
    ours, theirs = told(duck), told(postgres)
    if path.stem == "refresh_runs":  # two warehouses, two logs
        assert len(ours) == len(theirs)
        return
    assert ours == theirs
