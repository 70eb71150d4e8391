"""DuckDB: a private working file that dbt writes, and a published file that is replaced in one step."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from support_kpis.checks import Checks, Outcomes
from support_kpis.engine_words import without_values
from support_kpis.engines.defaults import EngineDefaults
from support_kpis.engines.duckdb_copy import (
    MARTS,
    RUNS_TABLE,
    TableDocs,
    copy_marts,
    insert_runs,
    is_open_elsewhere,
    published_tables,
    quoted,
    reading,
    runs_columns,
)
from support_kpis.engines.duckdb_erase import erase, erased_ids
from support_kpis.errors import WrongUse, disk_full, is_disk_full
from support_kpis.layout import Warehouse, make_writable
from support_kpis.runs import PUBLISHED, Run

# As in profiles/profiles.yml; the working database is read by this package alone.
BUILD_STORAGE_VERSION = "v1.5.0"


class DuckDbFiles(EngineDefaults):
    """The files of one warehouse on DuckDB.

    Args:
        warehouse: where they lie.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What a statement that fails raises."""
        return (duckdb.Error,)

    @property
    def where(self) -> str:
        """The published marts, in words."""
        return str(self.warehouse.published_database)

    def discard(self) -> None:
        """Remove a candidate that will not be published."""
        for leftover in self.warehouse.candidates():
            leftover.unlink(missing_ok=True)

    def land(self, project_dir: Path, files: Mapping[str, Path] | None) -> dict[str, str]:
        """Nothing to do: dbt lays views over the files itself, and the sample is a part of the project."""
        return {}

    def build_environment(self, run_id: str) -> dict[str, str]:
        """Nothing to add: the working database is private as it is."""
        return {}

    def as_of(self) -> Any:
        """The instant that the build speaks for; None where it does not say."""
        return self.scalar(self.warehouse.build_database, "select as_of from intermediate.int_as_of")

    def is_published(self) -> bool:
        """Whether there is something that readers find."""
        return self.warehouse.published_database.is_file()

    def earlier(self) -> list[str]:
        """The runs of the earlier builds, oldest first."""
        return list(self.warehouse.earlier())

    def is_sound(self, run_id: str) -> bool:
        """Whether an earlier build says that it is the one of that run."""
        return run_id_of(self.warehouse.earlier_path(run_id)) == run_id

    @contextmanager
    def reading_candidate(self, run_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to a candidate."""
        with duckdb.connect(str(self.warehouse.candidate(run_id)), read_only=True) as connection:
            yield connection

    def foreign_types(self, run_id: str, table: str, columns: Mapping[str, str]) -> str:
        """SQL that finds the columns of a candidate's table whose type is not the one listed."""
        listed = ", ".join(f"('{name}', '{type_}')" for name, type_ in columns.items())
        return (
            "select column_name, column_type from (describe select * from {batch}) as columns "
            f"where (column_name, column_type) not in ({listed})"
        )

    def validate(self, run_id: str, checks: Checks) -> Outcomes:
        """Check the candidate."""
        from support_kpis.gx_duckdb import validate_file

        return validate_file(self.warehouse.candidate(run_id), MARTS, checks)

    def prepare(self, run_id: str) -> list[str]:
        """Make the folders, remove what a killed run left, and see that the working database opens.

        Args:
            run_id: the run that begins.

        Returns:
            What was put right, in words.

        Raises:
            WrongUse: a folder cannot be written, or another process has the working database open.
        """
        make_writable((*self.warehouse.written_dirs, self.warehouse.published_dir))
        done = []
        for leftover in self.warehouse.candidates():
            leftover.unlink(missing_ok=True)
            done.append(f"removed {leftover.name}, which an earlier run left unfinished")
        for spilled in self.warehouse.temp_dir.iterdir():
            shutil.rmtree(spilled, ignore_errors=True) if spilled.is_dir() else spilled.unlink(
                missing_ok=True
            )
        database = self.warehouse.build_database
        if database.exists() or _wal(database).exists():
            try:
                with duckdb.connect(str(database)) as connection:
                    connection.execute("select count(*) from duckdb_tables()").fetchone()
            except duckdb.Error as error:
                if is_open_elsewhere(error):
                    raise WrongUse(_open_elsewhere(database, error)) from None
                if is_disk_full(error):
                    raise disk_full(str(self.warehouse.root)) from None
                aside = database.with_name(f"damaged-{run_id}.duckdb")
                for old in database.parent.glob("damaged-*"):
                    old.unlink()
                if database.exists():
                    database.replace(aside)
                _wal(database).unlink(missing_ok=True)
                done.append(f"the working database could not be opened; moved to {aside.name} and built anew")
        return done

    def has_raw_tables(self, schema: str, tables: Sequence[str]) -> list[str]:
        """Which of some raw tables a schema of the working database lacks.

        Args:
            schema: the raw schema.
            tables: the tables that must be there.
        """
        database = self.warehouse.build_database
        if not database.exists():
            return list(tables)
        with duckdb.connect(str(database), read_only=True) as connection:
            found = connection.execute(
                "select table_name from information_schema.tables where table_schema = ?", [schema]
            ).fetchall()
        return [table for table in tables if (table,) not in found]

    def land_run_log(self, runs: Sequence[Run]) -> None:
        """Put the run log where dbt reads it, so that the marts tell of earlier runs.

        Args:
            runs: the finished runs.
        """
        # This makes the file where there is none, so in the form that the profile names.
        form: dict[str, Any] = {"storage_compatibility_version": BUILD_STORAGE_VERSION}
        with duckdb.connect(str(self.warehouse.build_database), config=form) as connection:
            connection.execute("create schema if not exists refresh_log")
            connection.execute(f"create or replace table refresh_log.refresh_runs ({runs_columns()})")
            insert_runs(connection, "refresh_log.refresh_runs", runs)

    def failing_rows(self, query: str, limit: int = 3) -> tuple[list[str], list[tuple[Any, ...]]]:
        """A few of the rows that a failed test found.

        Args:
            query: the test's compiled SQL.
            limit: how many rows to read.

        Returns:
            Column names and rows; both empty where the query does not run.
        """
        try:
            with duckdb.connect(str(self.warehouse.build_database), read_only=True) as connection:
                cursor = connection.execute(f"select * from ({query}) as failing limit {limit}")
                names = [str(column[0]) for column in cursor.description or ()]
                return names, cursor.fetchall()
        except duckdb.Error:
            return [], []

    def write_candidate(self, run_id: str, docs: Mapping[str, TableDocs]) -> dict[str, int]:
        """Copy the marts into a new file of their own.

        Args:
            run_id: the run, after which the file is named.
            docs: table name to its words, put on the tables as comments.

        Returns:
            Published table to its number of rows.
        """
        with self._workbench() as connection:
            candidate = self.warehouse.candidate(run_id)
            return copy_marts(connection, self.warehouse.build_database, candidate, docs)

    def seal_candidate(self, run: Run) -> None:
        """Add the run's own row to a candidate, and bring the file to disk.

        Args:
            run: the row, status published.
        """
        path = self.warehouse.candidate(run.run_id)
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"set temp_directory = {quoted(self.warehouse.temp_dir)}")
            if RUNS_TABLE in published_tables(connection, None):
                insert_runs(connection, f"{MARTS}.{RUNS_TABLE}", [run])
            connection.execute("checkpoint")
        _sync_file(path)

    def publish_candidate(self, run_id: str) -> None:
        """Let readers find a candidate under the published name, in one step; the one before stays beside it.

        Args:
            run_id: the run whose candidate is sealed.
        """
        self._keep_current()
        self._replace_published(self.warehouse.candidate(run_id))

    def publish_earlier(self, run_id: str) -> None:
        """Publish an earlier build again, in one step; the build that it replaces stays beside it.

        Args:
            run_id: the run of the earlier build.
        """
        self._keep_current()
        self._replace_published(self.warehouse.earlier_path(run_id))

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest of the earlier builds.

        Args:
            keep: how many stay.

        Returns:
            The run ids of the builds removed.
        """
        earlier = self.warehouse.earlier()
        surplus = list(earlier)[: max(len(earlier) - keep, 0)]
        for run_id in surplus:
            earlier[run_id].unlink(missing_ok=True)
        return surplus

    def erase_from_earlier(self) -> list[str]:
        """Write those of the earlier builds anew that hold the id of a customer erased since.

        Returns:
            The run ids of the builds rewritten.
        """
        ids = erased_ids(self.warehouse.build_database)
        rewritten = []
        for run_id, path in self.warehouse.earlier().items() if ids else ():
            candidate = self.warehouse.published_dir / f".candidate-erased-{run_id}"
            candidate.unlink(missing_ok=True)
            if erase(path, candidate, ids):
                _sync_file(candidate)
                candidate.replace(path)
                rewritten.append(run_id)
        return rewritten

    def published_run_id(self) -> str | None:
        """The run whose build is published now, None if nothing is or it does not say."""
        return run_id_of(self.warehouse.published_database)

    def published_tables(self) -> list[str]:
        """The names of the published tables."""
        with self.reading_published() as connection:
            return list(published_tables(connection, None))

    @contextmanager
    def reading_published(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to the published file.

        Raises:
            WrongUse: nothing is published.
        """
        path = self.warehouse.published_database
        if not path.is_file():
            raise WrongUse(
                f"Nothing is published in {self.warehouse.root}: run support-kpis refresh first, or name "
                "another folder with --warehouse-dir."
            )
        try:
            with reading(path) as connection:
                yield connection
        except duckdb.Error as error:
            raise WrongUse(
                f"{path} cannot be read ({without_values(error)[:200]}): run support-kpis refresh to "
                "write it anew."
            ) from None

    def scalar(self, database: Path, query: str) -> Any:
        """The single value of a query on one file, None where the query or the file fails.

        Args:
            database: the file.
            query: SQL that gives one row and column.
        """
        try:
            with duckdb.connect(str(database), read_only=True) as connection:
                row = connection.execute(query).fetchone()
        except duckdb.Error:
            return None
        return row[0] if row else None

    def _keep_current(self) -> None:
        current = self.warehouse.published_database
        run_id = self.published_run_id()
        if run_id is None:
            return
        kept = self.warehouse.earlier_path(run_id)
        if kept.exists() and kept.samefile(current):
            return
        spare = self.warehouse.published_dir / f".candidate-keep-{run_id}"
        spare.unlink(missing_ok=True)
        try:
            os.link(current, spare)
        except OSError:  # a file system without hard links
            shutil.copyfile(current, spare)
            _sync_file(spare)
        spare.replace(kept)

    def _replace_published(self, new: Path) -> None:
        # A leftover log beside the file would be played into the new one by the next writer.
        _wal(self.warehouse.published_database).unlink(missing_ok=True)
        new.replace(self.warehouse.published_database)
        _sync_folder(self.warehouse.published_dir)

    @contextmanager
    def _workbench(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"set temp_directory = {quoted(self.warehouse.temp_dir)}")
            limit = os.environ.get("SUPPORT_KPIS_MEMORY_LIMIT", "").strip()
            if limit:
                connection.execute(f"set memory_limit = '{limit}'")
            yield connection


def run_id_of(path: Path) -> str | None:
    """The run that made a published file, as the file itself says; None if it does not.

    Args:
        path: a published file, present or earlier.
    """
    if not path.is_file():
        return None
    try:
        with reading(path) as connection:
            row = connection.execute(
                f"select max(run_id) from {MARTS}.{RUNS_TABLE} where status = ?", [PUBLISHED]
            ).fetchone()
    except duckdb.Error:
        return None
    return str(row[0]) if row and row[0] is not None else None


def _open_elsewhere(database: Path, error: Exception) -> str:
    process = re.search(r"PID (\d+)", str(error))
    who = f"process {process.group(1)}" if process else "another process"
    return (
        f"The working database {database} is open in {who}: close it there and run this again. (To look "
        "at the marts, open the file in published/ instead.)"
    )


def _wal(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
