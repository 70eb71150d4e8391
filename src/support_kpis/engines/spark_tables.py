"""Spark: dbt builds into a schema of the run; after the audit the views in marts are moved to its tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from support_kpis.checks import Checks, Outcomes
from support_kpis.contract import RawTable
from support_kpis.engines import spark_erase
from support_kpis.engines.duckdb_copy import MARTS, PUBLISHED_PREFIXES, RUNS_TABLE, TableDocs
from support_kpis.engines.schemas import BuildsInSchemas
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
from support_kpis.layout import Warehouse, make_writable
from support_kpis.runs import Run
from support_kpis.settings import find_project

_SCHEMA = re.compile(r"marts_(\d{6,})")
# Said of the schema of a build that was published, and of marts while its views are being moved.
_KEPT, _MOVING = "support_kpis.published", "support_kpis.moving_to"
# The catalogue holds no more of a column's words, and tries for twenty seconds before it says so.
_LONGEST_COMMENT = 255


class SparkTables(BuildsInSchemas):
    """The schemas of one Spark catalogue, in a warehouse folder.

    Args:
        warehouse: where catalogue, run log, lock and dbt's artifacts lie.
        target: spark or spark_cluster.
    """

    text_type = "string"

    def __init__(self, warehouse: Warehouse, target: str) -> None:
        super().__init__(warehouse)
        self.target = target
        self._kept: Any = None
        self._docs: dict[str, TableDocs] = {}

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
        make_writable(self.warehouse.written_dirs)
        tests_wanted()
        check_tables_dir(self.warehouse)
        done = []
        moved = self.finish_publication()
        if moved:
            done.append(f"moved the rest of the views in marts to the build of run {moved}")
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

    def left_out_of_build(self) -> list[str]:
        """Arguments of dbt that leave out what SUPPORT_KPIS_SPARK_TESTS does not ask for."""
        return ["--exclude", "test_type:generic"] if tests_wanted() == "dialect" else []

    def cancel_queries(self) -> None:
        """End what Spark does at this moment; dbt's own way ends nothing there."""
        self._session.sparkContext.cancelAllJobs()

    def publish_candidate(self, run_id: str) -> None:
        """Let readers find the candidate as marts; the build before stays beside it."""
        self._do(f"alter database marts_{run_id} set dbproperties ('{_KEPT}' = 'true')")
        self._move_views(run_id)

    def publish_earlier(self, run_id: str) -> None:
        """Publish an earlier build again."""
        self._move_views(run_id)

    def earlier(self) -> list[str]:
        """The runs of the earlier builds, oldest first."""
        if not self._is_begun():
            return []
        current = self.published_run_id()
        kept = [name for name in self._builds() if self._property(name, _KEPT)]
        return sorted(run_id for name in kept if (run_id := name.removeprefix("marts_")) != current)

    def published_run_id(self) -> str | None:
        """The run whose build is published now, None if nothing is; Spark is not started to see that."""
        return super().published_run_id() if self._is_begun() else None

    def is_published(self) -> bool:
        """Whether there is something that readers find; Spark is not started to see that there is not."""
        return self._is_begun() and super().is_published()

    def unfinished(self) -> str | None:
        """The run to whose build not all views were moved, None where all were."""
        return (self._property(MARTS, _MOVING) or None) if self._is_begun() else None

    def finish_publication(self) -> str | None:
        """Move the views that a run left behind when it was killed; its run, None where there was none."""
        moving = self.unfinished()
        if moving:
            self._move_views(moving)
        return moving

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

    def validate(self, run_id: str, checks: Checks) -> Outcomes:
        """Check the candidate, by Spark."""
        from support_kpis.gx_spark import validate_spark

        return validate_spark(self._session, f"marts_{run_id}", checks)

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

    def _reader(self, schema: str) -> Reader:
        return Reader(self._session, schema)

    def _do(self, statement: str) -> None:
        self._session.sql(statement)

    def _candidate(self, run_id: str) -> str:
        return f"marts_{run_id}"

    def _insert_runs(self, relation: str, runs: Sequence[Run]) -> None:
        names = ", ".join(field.name for field in fields(Run))
        rows = ", ".join(f"({', '.join(literal(value) for value in astuple(run))})" for run in runs)
        if rows:
            self._do(f"insert into {relation} ({names}) values {rows}")

    def _describe(self, schema: str, table: str, words: TableDocs) -> None:
        """Words of the table; those of its columns are put on the view."""
        self._docs[table] = words
        if words.description:
            self._do(f"comment on table {schema}.{table} is {literal(words.description)}")

    def _land(self, files: Mapping[str, Path], contract: Mapping[str, RawTable]) -> None:
        land(self._session, files, tables_dir(self.warehouse), contract)

    def _erase(self, schemas: Sequence[str]) -> list[str]:
        return spark_erase.erase(self._session, schemas)


def _comment(words: str) -> str:
    return f" comment {literal(words)}" if words else ""


def _type(duckdb_type: str) -> str:
    """A type of a suite as Spark names it."""
    kind = duckdb_type.lower().replace(" ", "")
    return {"varchar": "string", "integer": "int"}.get(kind, kind)
