"""PostgreSQL: dbt builds into a schema of its own, which takes the place of marts in one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from support_kpis.checks import Checks, Outcomes
from support_kpis.contract import RawTable
from support_kpis.engines import postgres_erase
from support_kpis.engines.duckdb_copy import MARTS, TableDocs
from support_kpis.engines.postgres_land import land
from support_kpis.engines.postgres_server import (
    Reader,
    address,
    check_readable,
    check_rights,
    connect,
    reader_role,
)
from support_kpis.engines.schemas import BuildsInSchemas
from support_kpis.errors import LockHeld
from support_kpis.layout import Warehouse, make_writable
from support_kpis.runs import Run

CANDIDATE = "marts_candidate"
_EARLIER = re.compile(r"marts_(\d{6,})")
# A number of our own, so that two machines cannot refresh one database at a time.
_LOCK = 7_283_114_902


class PostgresSchemas(BuildsInSchemas):
    """The schemas of one database.

    Args:
        warehouse: where the run log, the lock and dbt's artifacts lie.
    """

    text_type = "text"

    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__(warehouse)
        self._kept: Any = None

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What a statement that fails raises; nothing where the driver is not installed."""
        try:
            return (import_module("psycopg2").Error,)
        except ImportError:
            return ()

    @property
    def where(self) -> str:
        """The published marts, in words."""
        return f"the database {address()}"

    @property
    def _connection(self) -> Any:
        if self._kept is None or self._kept.closed:
            self._kept = connect()
        return self._kept

    def prepare(self, run_id: str) -> list[str]:
        """See that the server can be used, take its lock, and remove what a killed run left.

        Args:
            run_id: the run that begins.

        Returns:
            What was put right, in words.

        Raises:
            WrongUse: the server cannot be used.
            LockHeld: another machine refreshes the same database.
        """
        check_rights(self._connection)
        if not self._reader(MARTS).execute("select pg_try_advisory_lock(?)", [_LOCK]).fetchone()[0]:
            raise LockHeld(
                f"Another refresh of {address()} is running, perhaps on another machine: wait for it to end."
            )
        make_writable(self.warehouse.written_dirs)
        left = CANDIDATE in self._schemas()
        self.discard()
        return [f"removed the schema {CANDIDATE}, which an earlier run left unfinished"] if left else []

    def discard(self) -> None:
        """Remove a candidate that will not be published."""
        self._do(f"drop schema if exists {CANDIDATE} cascade")

    def has_raw_tables(self, schema: str, tables: Sequence[str]) -> list[str]:
        """Which of some raw tables a schema lacks.

        Raises:
            WrongUse: one is there, but may not be read.
        """
        check_readable(self._connection, schema, tables)
        return super().has_raw_tables(schema, tables)

    def publish_candidate(self, run_id: str) -> None:
        """Let readers find the candidate as marts, in one transaction; the schema before is kept."""
        self._swap(CANDIDATE)

    def publish_earlier(self, run_id: str) -> None:
        """Publish an earlier build again, in one transaction."""
        self._swap(f"marts_{run_id}")

    def earlier(self) -> list[str]:
        """The runs of the earlier builds, oldest first."""
        found = (_EARLIER.fullmatch(schema) for schema in self._schemas())
        return sorted(match.group(1) for match in found if match)

    def foreign_types(self, run_id: str, table: str, columns: Mapping[str, str]) -> str:
        """SQL that finds the columns of a candidate's table whose type is not the one listed."""
        listed = ", ".join(f"('{name}', '{_type(kind)}')" for name, kind in columns.items())
        return (
            "select column_name, data_type from information_schema.columns "
            f"where table_schema = '{CANDIDATE}' and table_name = '{table}' "
            f"and (column_name, data_type) not in ({listed}) "
            # Great Expectations wants to see its batch named.
            "and not exists (select 1 from {batch} where false)"
        )

    def validate(self, run_id: str, checks: Checks) -> Outcomes:
        """Check the candidate, on the server."""
        from support_kpis.gx_duckdb import validate_postgres

        return validate_postgres(address(), CANDIDATE, checks)

    def _swap(self, new: str) -> None:
        reader = reader_role()
        current = self._run_id_of(MARTS)
        old = f"marts_{current}" if current else "marts_unpublished"
        with connect(autocommit=False) as connection, connection.cursor() as cursor:
            if MARTS in self._schemas():
                if old in self._schemas():
                    cursor.execute(f"drop schema {old} cascade")
                cursor.execute(f"alter schema {MARTS} rename to {old}")
            cursor.execute(f"alter schema {new} rename to {MARTS}")
            if reader:
                cursor.execute(f"grant usage on schema {MARTS} to {_name(reader)}")
                cursor.execute(f"grant select on all tables in schema {MARTS} to {_name(reader)}")
        connection.close()

    def _reader(self, schema: str) -> Reader:
        return Reader(self._connection, schema)

    def _do(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)

    def _schemas(self) -> list[str]:
        return self._column("select nspname from pg_namespace order by 1")

    def _tables(self, schema: str) -> list[str]:
        return self._column(
            "select table_name from information_schema.tables where table_schema = ? order by 1", schema
        )

    def _candidate(self, run_id: str) -> str:
        return CANDIDATE

    def _insert_runs(self, relation: str, runs: Sequence[Run]) -> None:
        names = [field.name for field in fields(Run)]
        marks = ", ".join("%s" for _ in names)
        with self._connection.cursor() as cursor:
            for run in runs:
                cursor.execute(f"insert into {relation} ({', '.join(names)}) values ({marks})", astuple(run))

    def _describe(self, schema: str, table: str, words: TableDocs) -> None:
        """Words of table and columns; what the planner wants to know was counted when dbt made the table."""
        with self._connection.cursor() as cursor:
            if words.description:
                cursor.execute(f"comment on table {schema}.{table} is %s", [words.description])
            for name, description in words.columns.items():
                if description:
                    cursor.execute(f'comment on column {schema}.{table}."{name}" is %s', [description])

    def _land(self, files: Mapping[str, Path], contract: Mapping[str, RawTable]) -> None:
        land(self._connection, files, self.warehouse.temp_dir, contract)

    def _erase(self, schemas: Sequence[str]) -> list[str]:
        return postgres_erase.erase(self._connection, schemas)

    def _column(self, query: str, *parameters: Any) -> list[str]:
        return [str(row[0]) for row in self._reader(MARTS).execute(query, parameters).fetchall()]


def _type(duckdb_type: str) -> str:
    """A type of a suite as PostgreSQL's information schema says it, without digits."""
    plain = duckdb_type.split("(")[0]
    types = {
        "VARCHAR": "text",
        "DOUBLE": "double precision",
        "TIMESTAMP": "timestamp without time zone",
        "DECIMAL": "numeric",
    }
    return types.get(plain, plain.lower())


def _name(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
