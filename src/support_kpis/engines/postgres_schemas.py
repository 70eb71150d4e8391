"""PostgreSQL: dbt builds into a schema of its own, which takes the place of marts in one transaction."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from support_kpis.engines import postgres_erase
from support_kpis.engines.duckdb_copy import MARTS, PUBLISHED_PREFIXES, RUNS_TABLE, TableDocs, runs_columns
from support_kpis.engines.postgres_land import land
from support_kpis.engines.postgres_server import Reader, address, check_rights, connect
from support_kpis.engines.raw_texts import landing_environment, sample_files
from support_kpis.errors import LockHeld, WrongUse
from support_kpis.layout import Warehouse
from support_kpis.runs import PUBLISHED, Run

CANDIDATE = "marts_candidate"
_EARLIER = re.compile(r"marts_(\d{6,})")
# A number of our own, so that two machines cannot refresh one database at a time.
_LOCK = 7_283_114_902


class PostgresSchemas:
    """The schemas of one database.

    Args:
        warehouse: where the run log, the lock and dbt's artifacts lie.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
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
        if not self._one("select pg_try_advisory_lock(%s)", _LOCK):
            raise LockHeld(
                f"Another refresh of {address()} is running, perhaps on another machine: wait for it to end."
            )
        for folder in (self.warehouse.build_dir, self.warehouse.temp_dir):
            folder.mkdir(parents=True, exist_ok=True)
        left = CANDIDATE in self._schemas()
        self.discard()
        return [f"removed the schema {CANDIDATE}, which an earlier run left unfinished"] if left else []

    def discard(self) -> None:
        """Remove a candidate that will not be published."""
        self._do(f"drop schema if exists {CANDIDATE} cascade")

    def land(self, project_dir: Path, files: Mapping[str, Path] | None) -> dict[str, str]:
        """Bring the raw files, or the sample's, into the database.

        Args:
            project_dir: the dbt project, which holds the sample.
            files: raw table to file; None for the sample.

        Returns:
            The environment in which dbt finds them.
        """
        found = sample_files(project_dir) if files is None else files
        land(self._connection, found, self.warehouse.temp_dir)
        return landing_environment()

    def build_environment(self, run_id: str) -> dict[str, str]:
        """The environment in which dbt builds the marts of a run apart from what is published."""
        return {"SUPPORT_KPIS_MARTS_SCHEMA": CANDIDATE}

    def left_out_of_build(self) -> list[str]:
        """Nothing: every data test is run."""
        return []

    def has_raw_tables(self, schema: str, tables: Sequence[str]) -> list[str]:
        """Which of some raw tables a schema lacks."""
        found = self._tables(schema)
        return [table for table in tables if table not in found]

    def land_run_log(self, runs: Sequence[Run]) -> None:
        """Put the run log where dbt reads it."""
        self._do("create schema if not exists refresh_log")
        self._do("create table if not exists refresh_log.refresh_runs (" + runs_columns("text") + ")")
        self._do("truncate refresh_log.refresh_runs")
        for run in runs:
            self._insert_run("refresh_log.refresh_runs", run)

    def as_of(self) -> Any:
        """The instant that the build speaks for; None where it does not say."""
        return self._try("select as_of from intermediate.int_as_of")

    def failing_rows(self, query: str, limit: int = 3) -> tuple[list[str], list[tuple[Any, ...]]]:
        """A few of the rows that a failed test found: names and rows, empty where the query does not run."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(f"select * from ({query}) as failing limit {limit}")
                return [str(column[0]) for column in cursor.description or ()], cursor.fetchall()
        except self.errors:
            return [], []

    def write_candidate(self, run_id: str, docs: Mapping[str, TableDocs]) -> dict[str, int]:
        """Describe the tables that dbt built, and count their rows."""
        rows = {}
        with self._connection.cursor() as cursor:
            for table in self._tables(CANDIDATE):
                if not table.startswith(PUBLISHED_PREFIXES):
                    continue
                words = docs.get(table)
                if words and words.description:
                    cursor.execute(f"comment on table {CANDIDATE}.{table} is %s", [words.description])
                for name, description in words.columns.items() if words else ():
                    if description:
                        cursor.execute(f'comment on column {CANDIDATE}.{table}."{name}" is %s', [description])
                cursor.execute(f"analyze {CANDIDATE}.{table}")
                cursor.execute(f"select count(*) from {CANDIDATE}.{table}")
                rows[table] = int(cursor.fetchone()[0])
        return rows

    def seal_candidate(self, run: Run) -> None:
        """Add the run's own row to its candidate."""
        if RUNS_TABLE in self._tables(CANDIDATE):
            self._insert_run(f"{CANDIDATE}.{RUNS_TABLE}", run)

    def publish_candidate(self, run_id: str) -> None:
        """Let readers find the candidate as marts, in one transaction; the schema before is kept."""
        self._swap(CANDIDATE)

    def publish_earlier(self, run_id: str) -> None:
        """Publish an earlier build again, in one transaction."""
        self._swap(f"marts_{run_id}")

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest of the earlier builds but `keep`; the run ids removed."""
        earlier = self.earlier()
        surplus = earlier[: max(len(earlier) - keep, 0)]
        for run_id in surplus:
            self._do(f"drop schema marts_{run_id} cascade")
        return surplus

    def erase_from_earlier(self) -> list[str]:
        """Take the ids of customers erased since out of the earlier builds; the run ids changed."""
        schemas = [f"marts_{run_id}" for run_id in self.earlier()]
        return [name.removeprefix("marts_") for name in postgres_erase.erase(self._connection, schemas)]

    def earlier(self) -> list[str]:
        """The runs of the earlier builds, oldest first."""
        found = (_EARLIER.fullmatch(schema) for schema in self._schemas())
        return sorted(match.group(1) for match in found if match)

    def is_sound(self, run_id: str) -> bool:
        """Whether an earlier build says that it is the one of that run."""
        return self._run_id_of(f"marts_{run_id}") == run_id

    def published_run_id(self) -> str | None:
        """The run whose build is published now, None if nothing is."""
        return self._run_id_of(MARTS)

    def is_published(self) -> bool:
        """Whether there is something that readers find."""
        return bool(self._tables(MARTS))

    def published_tables(self) -> list[str]:
        """The names of the published tables."""
        return self._tables(MARTS)

    @contextmanager
    def reading_published(self) -> Iterator[Reader]:
        """A reader of the published marts.

        Raises:
            WrongUse: nothing is published.
        """
        if not self.is_published():
            raise WrongUse(f"Nothing is published in {self.where}: run support-kpis refresh first.")
        yield Reader(self._connection, MARTS)

    @contextmanager
    def reading_candidate(self, run_id: str) -> Iterator[Reader]:
        """A reader of the candidate, whose tables a query calls marts.*."""
        yield Reader(self._connection, CANDIDATE)

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

    def validate(
        self,
        run_id: str,
        suites: Mapping[str, Mapping[str, Any]],
        parameters: Mapping[str, Any],
        docs_dir: Path,
    ) -> list[tuple[str, dict[str, Any]]]:
        """Check the candidate against suites, on the server: table and outcome of each expectation."""
        from support_kpis.gx_duckdb import validate_postgres

        return validate_postgres(address(), CANDIDATE, suites, parameters, docs_dir)

    def _swap(self, new: str) -> None:
        reader = os.environ.get("SUPPORT_KPIS_POSTGRES_READER", "").strip()
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

    def _run_id_of(self, schema: str) -> str | None:
        found = self._try(f"select max(run_id) from {schema}.{RUNS_TABLE} where status = '{PUBLISHED}'")
        return str(found) if found is not None else None

    def _insert_run(self, relation: str, run: Run) -> None:
        names = [field.name for field in fields(Run)]
        marks = ", ".join("%s" for _ in names)
        with self._connection.cursor() as cursor:
            cursor.execute(f"insert into {relation} ({', '.join(names)}) values ({marks})", astuple(run))

    def _schemas(self) -> list[str]:
        return self._column("select nspname from pg_namespace order by 1")

    def _tables(self, schema: str) -> list[str]:
        return self._column(
            "select table_name from information_schema.tables where table_schema = %s order by 1", schema
        )

    def _column(self, query: str, *parameters: Any) -> list[str]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return [str(row[0]) for row in cursor.fetchall()]

    def _one(self, query: str, *parameters: Any) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters)
            row = cursor.fetchone()
            return row[0] if row else None

    def _try(self, query: str) -> Any:
        try:
            return self._one(query)
        except self.errors:
            return None

    def _do(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)


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
