"""What PostgreSQL and Spark share: each build is a schema of one catalogue, and readers find one as marts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from support_kpis.checks import Checks, Outcomes
from support_kpis.contract import RawTable, load_contract
from support_kpis.engines.defaults import EngineDefaults
from support_kpis.engines.duckdb_copy import MARTS, PUBLISHED_PREFIXES, RUNS_TABLE, TableDocs, runs_columns
from support_kpis.engines.raw_texts import landing_environment, sample_files
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse
from support_kpis.runs import PUBLISHED, Run

_RUN_LOG = "refresh_log.refresh_runs"


class Reader(Protocol):
    """Asks an engine in the manner of a DuckDB connection."""

    def execute(self, query: str, parameters: Sequence[Any] = ()) -> Any:
        """The answer, with description, fetchone, fetchmany and fetchall.

        Args:
            query: SQL with `?` for each parameter; its schema `marts` stands for the reader's.
            parameters: the values.
        """


class BuildsInSchemas(EngineDefaults, ABC):
    """The builds of a warehouse in the schemas of one catalogue; what an engine does its own way is abstract.

    Args:
        warehouse: where the run log, the lock and dbt's artifacts lie.
    """

    # The engine's type of a text.
    text_type: str

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    @property
    @abstractmethod
    def errors(self) -> tuple[type[Exception], ...]:
        """What a statement that fails raises; nothing where the engine's packages are not installed."""

    @property
    @abstractmethod
    def where(self) -> str:
        """The published marts, in words."""

    @abstractmethod
    def prepare(self, run_id: str) -> list[str]:
        """See that the engine can be used, and remove what a killed run left.

        Args:
            run_id: the run that begins.

        Returns:
            What was put right, in words.
        """

    @abstractmethod
    def discard(self) -> None:
        """Remove candidates that will not be published."""

    @abstractmethod
    def publish_candidate(self, run_id: str) -> None:
        """Let readers find the candidate as marts; the build before stays beside it."""

    @abstractmethod
    def publish_earlier(self, run_id: str) -> None:
        """Publish an earlier build again."""

    @abstractmethod
    def earlier(self) -> list[str]:
        """The runs of the earlier builds, oldest first."""

    @abstractmethod
    def foreign_types(self, run_id: str, table: str, columns: Mapping[str, str]) -> str:
        """SQL that finds the columns of a candidate's table whose type is not the one listed."""

    @abstractmethod
    def validate(self, run_id: str, checks: Checks) -> Outcomes:
        """Check the candidate, by the engine itself."""

    @abstractmethod
    def _reader(self, schema: str) -> Reader:
        """A reader of a schema, which its queries call marts."""

    @abstractmethod
    def _do(self, statement: str) -> None:
        """Run a statement that answers nothing."""

    @abstractmethod
    def _tables(self, schema: str) -> list[str]:
        """The tables and views of a schema by their names; none where it is not there."""

    @abstractmethod
    def _candidate(self, run_id: str) -> str:
        """The schema in which dbt builds the marts of a run."""

    @abstractmethod
    def _insert_runs(self, relation: str, runs: Sequence[Run]) -> None:
        """Add rows to a log of runs."""

    @abstractmethod
    def _describe(self, schema: str, table: str, words: TableDocs) -> None:
        """Put words on a table of a candidate, and on its columns."""

    @abstractmethod
    def _land(self, files: Mapping[str, Path], contract: Mapping[str, RawTable]) -> None:
        """Bring raw files before the engine, every value as text."""

    @abstractmethod
    def _erase(self, schemas: Sequence[str]) -> list[str]:
        """Take the ids of customers erased since out of schemas; those that were changed."""

    def land(self, project_dir: Path, files: Mapping[str, Path] | None) -> dict[str, str]:
        """Bring the raw files, or the sample's, before the engine.

        Args:
            project_dir: the dbt project, which holds the sample.
            files: raw table to file; None for the sample.

        Returns:
            The environment in which dbt finds them.
        """
        self._land(sample_files(project_dir) if files is None else files, load_contract(project_dir))
        return landing_environment()

    def build_environment(self, run_id: str) -> dict[str, str]:
        """The environment in which dbt builds the marts of a run apart from what is published."""
        return {"SUPPORT_KPIS_MARTS_SCHEMA": self._candidate(run_id)}

    def has_raw_tables(self, schema: str, tables: Sequence[str]) -> list[str]:
        """Which of some raw tables a schema lacks."""
        found = self._tables(schema)
        return [table for table in tables if table not in found]

    def land_run_log(self, runs: Sequence[Run]) -> None:
        """Put the run log where dbt reads it."""
        self._do("create schema if not exists refresh_log")
        self._do(f"create table if not exists {_RUN_LOG} ({runs_columns(self.text_type)})")
        self._do(f"truncate table {_RUN_LOG}")
        self._insert_runs(_RUN_LOG, runs)

    def as_of(self) -> Any:
        """The instant that the build speaks for; None where it does not say."""
        return self._scalar(MARTS, "select as_of from intermediate.int_as_of")

    def failing_rows(self, query: str, limit: int = 3) -> tuple[list[str], list[tuple[Any, ...]]]:
        """A few of the rows that a failed test found: names and rows, empty where the query does not run."""
        try:
            answer = self._reader(MARTS).execute(f"select * from ({query}) as failing limit {limit}")
        except self.errors:
            return [], []
        return [str(column[0]) for column in answer.description or ()], answer.fetchall()

    def write_candidate(self, run_id: str, docs: Mapping[str, TableDocs]) -> dict[str, int]:
        """Describe the tables that dbt built, and count their rows.

        Args:
            run_id: the run.
            docs: table name to its words.

        Returns:
            Published table to its number of rows.
        """
        schema = self._candidate(run_id)
        rows = {}
        for table in self._tables(schema):
            if table.startswith(PUBLISHED_PREFIXES):
                self._describe(schema, table, docs.get(table) or TableDocs("", {}))
                rows[table] = int(
                    self._reader(schema).execute(f"select count(*) from marts.{table}").fetchone()[0]
                )
        return rows

    def seal_candidate(self, run: Run) -> None:
        """Add the run's own row to its candidate."""
        schema = self._candidate(run.run_id)
        if RUNS_TABLE in self._tables(schema):
            self._insert_runs(f"{schema}.{RUNS_TABLE}", [run])

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest of the earlier builds but `keep`; the run ids removed."""
        earlier = self.earlier()
        surplus = earlier[: max(len(earlier) - keep, 0)]
        for run_id in surplus:
            self._do(f"drop schema {_schema_of(run_id)} cascade")
        return surplus

    def erase_from_earlier(self) -> list[str]:
        """Take the ids of customers erased since out of the earlier builds; the run ids changed."""
        changed = self._erase([_schema_of(run_id) for run_id in self.earlier()])
        return [name.removeprefix(_schema_of("")) for name in changed]

    def is_sound(self, run_id: str) -> bool:
        """Whether an earlier build says that it is the one of that run."""
        return self._run_id_of(_schema_of(run_id)) == run_id

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
        yield self._reader(MARTS)

    @contextmanager
    def reading_candidate(self, run_id: str) -> Iterator[Reader]:
        """A reader of the candidate, whose tables a query calls marts.*."""
        yield self._reader(self._candidate(run_id))

    def _run_id_of(self, schema: str) -> str | None:
        found = self._scalar(
            schema, f"select max(run_id) from marts.{RUNS_TABLE} where status = '{PUBLISHED}'"
        )
        return str(found) if found is not None else None

    def _scalar(self, schema: str, query: str) -> Any:
        """One value, None where the query finds nothing or does not run."""
        try:
            row = self._reader(schema).execute(query).fetchone()
        except self.errors:
            return None
        return row[0] if row else None


def _schema_of(run_id: str) -> str:
    """The schema in which the build of a run stays."""
    return f"{MARTS}_{run_id}"
