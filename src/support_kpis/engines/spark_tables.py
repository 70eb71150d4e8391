"""Spark: dbt builds into a schema of the run; after the audit the views in marts are moved to its tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from support_kpis.engines import spark_erase
from support_kpis.engines.duckdb_copy import MARTS, PUBLISHED_PREFIXES, RUNS_TABLE, TableDocs, runs_columns
from support_kpis.engines.raw_texts import landing_environment, sample_files
from support_kpis.engines.spark_land import land
from support_kpis.engines.spark_session import (
    Reader,
    check_tables_dir,
    literal,
    local_folder,
    open_session,
    tables_dir,
    tests_wanted,
)
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse
from support_kpis.runs import PUBLISHED, Run
from support_kpis.settings import find_project

_SCHEMA = re.compile(r"marts_(\d{6,})")
# Said of the schema of a build that was published, and of marts while its views are being moved.
_KEPT, _MOVING = "support_kpis.published", "support_kpis.moving_to"
# The catalogue holds no more of a column's words, and tries for twenty seconds before it says so.
_LONGEST_COMMENT = 255


class SparkTables:
    """The schemas of one Spark catalogue, in a warehouse folder.

    Args:
        warehouse: where catalogue, run log, lock and dbt's artifacts lie.
        target: spark or spark_cluster.
    """

    def __init__(self, warehouse: Warehouse, target: str) -> None:
        self.warehouse = warehouse
        self.target = target
        self._kept: Any = None
        self._docs: Mapping[str, TableDocs] = {}

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What a statement that fails raises; nothing where Spark is not installed."""
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
        except ImportError:
            return ()
        return (PySparkException, Py4JError)

    @property
    def where(self) -> str:
        """The published marts, in words."""
        return f"Spark's tables in {tables_dir(self.warehouse)}"

    @property
    def _session(self) -> Any:
        if self._kept is None:
            self._kept = open_session(self.target, self.warehouse, find_project())
        return self._kept

    def prepare(self, run_id: str) -> list[str]:
        """Start Spark, end a publication that was broken off, and remove what a killed run left.

        Args:
            run_id: the run that begins.

        Returns:
            What was put right, in words.

        Raises:
            WrongUse: Spark cannot be used.
        """
        for folder in (self.warehouse.build_dir, self.warehouse.temp_dir):
            folder.mkdir(parents=True, exist_ok=True)
        tests_wanted()
        check_tables_dir(self.warehouse)
        done = []
        moving = self._property(MARTS, _MOVING)
        if moving:
            self._move_views(moving)
            done.append(f"moved the rest of the views in marts to the build of run {moving}")
        left = self._unpublished()
        self.discard()
        done += [f"removed the schema {schema}, which an earlier run left unfinished" for schema in left]
        done += [f"removed the files of {name}, which are no table's" for name in self._drop_orphans()]
        return done

    def discard(self) -> None:
        """Remove candidates that will not be published."""
        if not (self.warehouse.build_dir / "spark").is_dir():
            return
        for schema in self._unpublished():
            self._do(f"drop database {schema} cascade")

    def land(self, project_dir: Path, files: Mapping[str, Path] | None) -> dict[str, str]:
        """Lay the raw files, or the sample's, before Spark as external tables.

        Args:
            project_dir: the dbt project, which holds the sample.
            files: raw table to file; None for the sample.

        Returns:
            The environment in which dbt finds them.
        """
        found = sample_files(project_dir) if files is None else files
        land(self._session, found, tables_dir(self.warehouse))
        return landing_environment()

    def build_environment(self, run_id: str) -> dict[str, str]:
        """The environment in which dbt builds the marts of a run apart from what is published."""
        return {"SUPPORT_KPIS_MARTS_SCHEMA": f"marts_{run_id}"}

    def left_out_of_build(self) -> list[str]:
        """Arguments of dbt that leave out what SUPPORT_KPIS_SPARK_TESTS does not ask for."""
        return ["--exclude", "test_type:generic"] if tests_wanted() == "dialect" else []

    def has_raw_tables(self, schema: str, tables: Sequence[str]) -> list[str]:
        """Which of some raw tables a schema lacks."""
        found = self._tables(schema)
        return [table for table in tables if table not in found]

    def land_run_log(self, runs: Sequence[Run]) -> None:
        """Put the run log where dbt reads it."""
        self._do("create database if not exists refresh_log")
        self._do(
            f"create table if not exists refresh_log.refresh_runs ({runs_columns('string')}) using parquet"
        )
        rows = ", ".join(_row(run) for run in runs)
        if rows:
            self._do(f"insert overwrite refresh_log.refresh_runs values {rows}")
        else:
            self._do("truncate table refresh_log.refresh_runs")

    def as_of(self) -> Any:
        """The instant that the build speaks for; None where it does not say."""
        return self._try("select as_of from intermediate.int_as_of")

    def failing_rows(self, query: str, limit: int = 3) -> tuple[list[str], list[tuple[Any, ...]]]:
        """A few of the rows that a failed test found: names and rows, empty where the query does not run."""
        try:
            answer = Reader(self._session, MARTS).execute(f"select * from ({query}) as failing limit {limit}")
        except self.errors:
            return [], []
        return answer.names, answer.fetchall()

    def write_candidate(self, run_id: str, docs: Mapping[str, TableDocs]) -> dict[str, int]:
        """Describe the tables that dbt built, and count their rows."""
        schema = f"marts_{run_id}"
        rows = {}
        for table in self._tables(schema):
            if not table.startswith(PUBLISHED_PREFIXES):
                continue
            words = docs.get(table)
            if words and words.description:
                self._do(f"comment on table {schema}.{table} is {literal(words.description)}")
            rows[table] = int(self._one(f"select count(*) from {schema}.{table}"))
        self._docs = docs
        return rows

    def seal_candidate(self, run: Run) -> None:
        """Add the run's own row to its candidate."""
        schema = f"marts_{run.run_id}"
        if RUNS_TABLE in self._tables(schema):
            self._do(f"insert into {schema}.{RUNS_TABLE} ({_runs_names()}) values {_row(run)}")

    def publish_candidate(self, run_id: str) -> None:
        """Let readers find the candidate as marts; the build before stays beside it."""
        self._do(f"alter database marts_{run_id} set dbproperties ('{_KEPT}' = 'true')")
        self._move_views(run_id)

    def publish_earlier(self, run_id: str) -> None:
        """Publish an earlier build again."""
        self._move_views(run_id)

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest of the earlier builds but `keep`; the run ids removed."""
        earlier = self.earlier()
        surplus = earlier[: max(len(earlier) - keep, 0)]
        for run_id in surplus:
            self._do(f"drop database marts_{run_id} cascade")
        return surplus

    def erase_from_earlier(self) -> list[str]:
        """Take the ids of customers erased since out of the earlier builds; the run ids changed."""
        schemas = [f"marts_{run_id}" for run_id in self.earlier()]
        return [name.removeprefix("marts_") for name in spark_erase.erase(self._session, schemas)]

    def earlier(self) -> list[str]:
        """The runs of the earlier builds, oldest first."""
        if not self._is_begun():
            return []
        current = self.published_run_id()
        kept = [name for name in self._builds() if self._property(name, _KEPT)]
        return sorted(run_id for name in kept if (run_id := name.removeprefix("marts_")) != current)

    def is_sound(self, run_id: str) -> bool:
        """Whether an earlier build says that it is the one of that run."""
        return self._run_id_of(f"marts_{run_id}") == run_id

    def published_run_id(self) -> str | None:
        """The run whose build is published now, None if nothing is."""
        return self._run_id_of(MARTS) if self._is_begun() else None

    def is_published(self) -> bool:
        """Whether there is something that readers find."""
        return self._is_begun() and bool(self._tables(MARTS))

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
        yield Reader(self._session, MARTS)

    @contextmanager
    def reading_candidate(self, run_id: str) -> Iterator[Reader]:
        """A reader of the candidate, whose tables a query calls marts.*."""
        yield Reader(self._session, f"marts_{run_id}")

    def foreign_types(self, run_id: str, table: str, columns: Mapping[str, str]) -> str:
        """SQL that finds the columns of a candidate's table whose type is not the one listed."""
        found = self._session.table(f"marts_{run_id}.{table}").schema.fields
        actual = ", ".join(f"({literal(field.name)}, '{field.dataType.simpleString()}')" for field in found)
        listed = ", ".join(f"({literal(name)}, '{_type(kind)}')" for name, kind in columns.items())
        return (
            f"select column_name, data_type from values {actual} as found (column_name, data_type) "
            f"where (column_name, data_type) not in ({listed}) "
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
        """Check the candidate against suites, by Spark: table and outcome of each expectation."""
        from support_kpis.gx_spark import validate_spark

        return validate_spark(self._session, f"marts_{run_id}", suites, parameters, docs_dir)

    def _move_views(self, run_id: str) -> None:
        """One view after another, that of the runs last; meanwhile a mark says which build is meant."""
        schema = f"marts_{run_id}"
        self._do(f"create database if not exists {MARTS}")
        self._do(f"alter database {MARTS} set dbproperties ('{_MOVING}' = '{run_id}')")
        tables = [table for table in self._tables(schema) if table.startswith(PUBLISHED_PREFIXES)]
        for table in sorted(tables, key=lambda name: (name == RUNS_TABLE, name)):
            words = self._words(schema, table)
            self._do(f"create or replace view {MARTS}.{table} {words} as select * from {schema}.{table}")
        for gone in set(self._tables(MARTS)) - set(tables):
            self._do(f"drop view {MARTS}.{gone}")
        self._do(f"alter database {MARTS} set dbproperties ('{_MOVING}' = '')")

    def _words(self, schema: str, table: str) -> str:
        """The columns of a view with their words, and those of the table."""
        docs = self._docs.get(table) or self._words_at_present(table)
        names = self._session.table(f"{schema}.{table}").columns
        columns = [f"`{name}`" + _comment(docs.columns.get(name, "")[:_LONGEST_COMMENT]) for name in names]
        return f"({', '.join(columns)}){_comment(docs.description)}"

    def _words_at_present(self, table: str) -> TableDocs:
        """What the published view says of itself, for an earlier build that takes its place."""
        try:
            rows = self._session.sql(f"describe table extended {MARTS}.{table}").collect()
        except self.errors:
            return TableDocs("", {})
        names = [str(row[0]) for row in rows]
        end = next((place for place, name in enumerate(names) if not name or name.startswith("#")), len(rows))
        description = next((str(row[1]) for row in rows[end:] if row[0] == "Comment"), "")
        return TableDocs(description, {str(row[0]): str(row[2] or "") for row in rows[:end]})

    def _is_begun(self) -> bool:
        return (self.warehouse.build_dir / "spark").is_dir()

    def _builds(self) -> list[str]:
        return [name for name in self._schemas() if _SCHEMA.fullmatch(name)]

    def _unpublished(self) -> list[str]:
        return [name for name in self._builds() if not self._property(name, _KEPT)]

    def _drop_orphans(self) -> list[str]:
        """Remove folders of no known table: a table could not be made in their place."""
        folder = local_folder(tables_dir(self.warehouse))
        removed = []
        for place in sorted(folder.glob("*.db")) if folder else ():
            schema = place.name.removesuffix(".db")
            known = set(self._tables(schema))
            for orphan in sorted(
                path for path in place.iterdir() if path.is_dir() and path.name not in known
            ):
                shutil.rmtree(orphan, ignore_errors=True)
                removed.append(f"{schema}.{orphan.name}")
        return removed

    def _run_id_of(self, schema: str) -> str | None:
        found = self._try(f"select max(run_id) from {schema}.{RUNS_TABLE} where status = '{PUBLISHED}'")
        return str(found) if found is not None else None

    def _property(self, schema: str, name: str) -> str:
        try:
            rows = self._session.sql(f"describe database extended {schema}").collect()
        except self.errors:
            return ""
        words = " ".join(str(row[1]) for row in rows if row[0] == "Properties")
        found = re.search(rf"\({re.escape(name)},([^)]*)\)", words)
        return found[1] if found else ""

    def _schemas(self) -> list[str]:
        return sorted(str(row[0]) for row in self._session.sql("show databases").collect())

    def _tables(self, schema: str) -> list[str]:
        try:
            rows = self._session.sql(f"show tables in {schema}").collect()
        except self.errors:
            return []
        return sorted(str(row["tableName"]) for row in rows if not row["isTemporary"])

    def _one(self, query: str) -> Any:
        row = Reader(self._session, MARTS).execute(query).fetchone()
        return row[0] if row else None

    def _try(self, query: str) -> Any:
        try:
            return self._one(query)
        except self.errors:
            return None

    def _do(self, statement: str) -> None:
        self._session.sql(statement)


def _comment(words: str) -> str:
    return f" comment {literal(words)}" if words else ""


def _runs_names() -> str:
    return ", ".join(field.name for field in fields(Run))


def _row(run: Run) -> str:
    return f"({', '.join(literal(value) for value in astuple(run))})"


def _type(duckdb_type: str) -> str:
    """A type of a suite as Spark names it."""
    kind = duckdb_type.lower().replace(" ", "")
    return {"varchar": "string", "integer": "int"}.get(kind, kind)
