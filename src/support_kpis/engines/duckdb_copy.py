"""Read DuckDB files, and copy the marts from one to another: in the order of their keys, with their words."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import duckdb

from support_kpis.runs import Run

MARTS = "marts"
PUBLISHED_PREFIXES = ("dim_", "fct_", "kpi_", "ops_")
RUNS_TABLE = "ops_refresh_runs"
# Written so that clients from DuckDB 1.4 on can read it.
STORAGE_VERSION = "v1.4.0"


@dataclass(frozen=True)
class TableDocs:
    """The words of one mart.

    Args:
        description: of the table.
        columns: column name to its description.
    """

    description: str
    columns: Mapping[str, str]


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a file, also to one that a BI tool has opened for writing, as some do.

    Args:
        path: the file; where another process holds it for writing, a copy is read.

    Raises:
        duckdb.Error: the file is no database that can be read.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if not is_open_elsewhere(error):
            raise
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            with duckdb.connect(str(copy), read_only=True) as copied:
                yield copied
    else:
        with connection:
            yield connection


def is_open_elsewhere(error: Exception) -> bool:
    """Whether an error says that another process holds the file."""
    return "lock" in str(error).lower() and "conflicting" in str(error).lower()


def copy_marts(
    connection: duckdb.DuckDBPyConnection, build: Path, candidate: Path, docs: Mapping[str, TableDocs]
) -> dict[str, int]:
    """Copy the published tables into a new file, and bring the file to its end.

    Args:
        connection: to a database of its own, in memory.
        build: the working file, opened read-only.
        candidate: the file to write.
        docs: table name to its words, put on the tables as comments.

    Returns:
        Table to its number of rows.
    """
    connection.execute(f"attach {quoted(build)} as build (read_only)")
    connection.execute(f"attach {quoted(candidate)} as candidate (storage_version '{STORAGE_VERSION}')")
    connection.execute(f"create schema candidate.{MARTS}")
    rows = {}
    for table in published_tables(connection, "build"):
        columns = _columns(connection, table)
        order = _order(connection, f"build.{MARTS}.{table}", columns)
        connection.execute(
            f"create table candidate.{MARTS}.{table} as select * from build.{MARTS}.{table} order by {order}"
        )
        rows[table] = _count(connection, f"candidate.{MARTS}.{table}")
        _comment(connection, f"candidate.{MARTS}.{table}", columns, docs.get(table))
    connection.execute("detach candidate")
    return rows


def published_tables(connection: duckdb.DuckDBPyConnection, database: str | None) -> list[str]:
    """The tables that are published, by their prefixes.

    Args:
        connection: where to look.
        database: the attached database, None for the connection's own.
    """
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = ? and table_catalog = "
        "coalesce(?, current_database()) order by table_name",
        [MARTS, database],
    ).fetchall()
    return [str(name) for (name,) in found if str(name).startswith(PUBLISHED_PREFIXES)]


def runs_columns(text: str = "varchar") -> str:
    """The columns of the log of runs, as an engine declares them.

    Args:
        text: the engine's type of a text.
    """
    types = {"str": text, "datetime": "timestamp", "int": "bigint"}
    return ", ".join(f"{field.name} {types[str(field.type).split(' ')[0]]}" for field in fields(Run))


def insert_runs(connection: duckdb.DuckDBPyConnection, relation: str, runs: Sequence[Run]) -> None:
    """Add rows to a log of runs.

    Args:
        connection: where the table is.
        relation: the table.
        runs: the rows.
    """
    names = [field.name for field in fields(Run)]
    marks = ", ".join("?" for _ in names)
    statement = f"insert into {relation} ({', '.join(names)}) values ({marks})"
    for run in runs:
        connection.execute(statement, list(astuple(run)))


def quoted(value: Path | str) -> str:
    """A text or path as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    found = connection.execute(
        "select column_name from information_schema.columns where table_catalog = 'build' and "
        "table_schema = ? and table_name = ? order by ordinal_position",
        [MARTS, table],
    ).fetchall()
    return [str(name) for (name,) in found]


def _order(connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> str:
    """The order in which a table is written: by its key, by all columns where the first is none."""
    key = _name(columns[0])
    counts = connection.execute(f"select count(*), count(distinct {key}) from {relation}").fetchone()
    if counts and counts[0] == counts[1]:
        return key
    return ", ".join(f"{_name(column)} nulls first" for column in columns)


def _comment(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str], docs: TableDocs | None
) -> None:
    if docs is None:
        return
    if docs.description:
        connection.execute(f"comment on table {relation} is {quoted(docs.description)}")
    for column in columns:
        words = docs.columns.get(column)
        if words:
            connection.execute(f"comment on column {relation}.{_name(column)} is {quoted(words)}")


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
