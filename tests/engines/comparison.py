"""Are the marts of two engines the same? Each engine's are first read into a DuckDB file (see exports)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

MARTS = "marts"
# It tells of the runs themselves: when they began, on which engine.
ABOUT_RUNS = "ops_refresh_runs"
RELATIVE = 1e-9


@dataclass(frozen=True)
class Difference:
    """The first place of a table where two engines say different things.

    Args:
        table: the published table.
        where: the row's key, or what the table lacks.
        column: the column, empty where a whole row, column or table is missing.
        left: the value on the first engine.
        right: the value on the second.
        rows: how many rows of the table differ in that way.
    """

    table: str
    where: str
    column: str
    left: str
    right: str
    rows: int

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        found = f"{self.left} against {self.right} ({self.rows} row(s) differ so)"
        return f"{self.table}{column}, {self.where}: {found}"


def differences(left: Path, right: Path) -> Iterator[Difference]:
    """Compare all published tables.

    Args:
        left: DuckDB file with the marts of the first engine.
        right: of the second.

    Yields:
        The first difference of each table that has any, in the order of the tables' names.
    """
    with duckdb.connect(":memory:") as connection:
        for name, path in (("lhs", left), ("rhs", right)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = [_tables(connection, name) for name in ("lhs", "rhs")]
        for table in sorted(set(tables[0]) | set(tables[1])):
            if table == ABOUT_RUNS:
                continue
            if table not in tables[0] or table not in tables[1]:
                there = ["there" if table in found else "not there" for found in tables]
                yield Difference(table, "the table", "", there[0], there[1], 0)
                continue
            found = _first_difference(connection, table)
            if found:
                yield found


def compared_tables(path: Path) -> dict[str, int]:
    """The tables that are compared, with their numbers of rows.

    Args:
        path: DuckDB file with the marts of an engine.
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for name in _tables(connection, None) if name != ABOUT_RUNS]
        return {name: _one(connection, f"select count(*) from {MARTS}.{name}") for name in names}


def _tables(connection: duckdb.DuckDBPyConnection, database: str | None) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = ? and table_catalog = "
        "coalesce(?, current_database()) order by 1",
        [MARTS, database],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> dict[str, str]:
    rows = connection.execute(f"describe {database}.{MARTS}.{table}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _first_difference(connection: duckdb.DuckDBPyConnection, table: str) -> Difference | None:
    left, right = (_columns(connection, name, table) for name in ("lhs", "rhs"))
    if list(left.items()) != list(right.items()):
        missing = [name for name in left if left.get(name) != right.get(name)] or list(right)
        name = missing[0]
        return Difference(table, "the columns", name, str(left.get(name)), str(right.get(name)), 0)
    key = _key(connection, table, left)
    same = " and ".join(f'lhs."{name}" is not distinct from rhs."{name}"' for name in key)
    counted = ", ".join(f'"{name}"' for name in key)
    # Where the key is not unique, rows that repeat it are numbered, so that one too many shows.
    rest = ", ".join(f'"{name}"' for name in left if name not in key) or "null"
    number = "1" if key == _unique(key) else f"row_number() over (partition by {counted} order by {rest})"
    connection.execute(
        f"create or replace temp table paired as select lhs, rhs from "
        f"(select *, {number} as nth from lhs.{MARTS}.{table}) as lhs full outer join "
        f"(select *, {number} as nth from rhs.{MARTS}.{table}) as rhs on {same} and lhs.nth = rhs.nth"
    )
    shown = ", ".join(
        f"'{name} ' || coalesce({_text('lhs', name)}, {_text('rhs', name)}, 'null')" for name in key
    )
    # A side without a row has no number; its columns are null one by one.
    checks = [("", "lhs.nth is null or rhs.nth is null")]
    checks += [
        (name, f"lhs.nth is not null and rhs.nth is not null and {_differ(name, type_)}")
        for name, type_ in left.items()
        if name not in key
    ]
    for name, condition in checks:
        values = [
            f"coalesce({_text(side, name)}, 'null')"
            if name
            else f"case when {side}.nth is null then 'no row' else 'a row' end"
            for side in ("lhs", "rhs")
        ]
        row = connection.execute(
            f"select concat_ws(', ', {shown}) as place, {', '.join(values)}, count(*) over () "
            f"from paired where {condition} order by place limit 1"
        ).fetchone()
        if row:
            place, one, other = (str(value)[:300] for value in row[:3])
            return Difference(table, place, name, one, other, int(row[3]))
    return None


def _text(side: str, name: str) -> str:
    return f'cast({side}."{name}" as varchar)'


def _differ(name: str, type_: str) -> str:
    left, right = f'lhs."{name}"', f'rhs."{name}"'
    if type_ in ("DOUBLE", "FLOAT"):
        close = f"abs({left} - {right}) <= {RELATIVE} * greatest(abs({left}), abs({right}))"
        return f"{left} is distinct from {right} and not coalesce({close}, false)"
    return f"{left} is distinct from {right}"


def _key(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> Sequence[str]:
    """The first column that tells the rows of both engines apart, else all columns but doubles."""
    for name in list(columns)[:1]:
        repeated = [
            _one(connection, f'select count(*) - count(distinct "{name}") from {database}.{MARTS}.{table}')
            for database in ("lhs", "rhs")
        ]
        if repeated == [0, 0]:
            return _unique([name])
    return [name for name, type_ in columns.items() if type_ not in ("DOUBLE", "FLOAT")]


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """A key that is known to be unique is a tuple, one that need not be a list."""
    return tuple(names)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
