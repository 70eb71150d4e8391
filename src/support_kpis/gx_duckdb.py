"""Great Expectations on a DuckDB file: its SQL engine, with one connection kept for as long as it lives.

Great Expectations reads results after it has given the connection back to the pool, which ends the result on
DuckDB. Importing this module imports Great Expectations, which takes seconds: only the audit does.
"""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy import URL, Engine, event
from sqlalchemy.pool import StaticPool

from support_kpis.checks import Checks, Outcomes
from support_kpis.engines.postgres_server import Address


class OneConnectionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """An execution engine that never gives its connection back."""

    @contextmanager
    def get_connection(self) -> Iterator[Any]:
        """The one connection."""
        kept = self.__dict__.get("_kept")
        if kept is None:
            kept = self.__dict__["_kept"] = self.engine.connect()
        yield kept


class DuckDbFileDatasource(SQLDatasource):  # type: ignore[misc]
    """A datasource over one DuckDB file."""

    type: Literal["duckdb_file"] = "duckdb_file"

    @property
    def execution_engine_type(self) -> Any:
        """The engine that keeps its connection."""
        return OneConnectionEngine


@contextmanager
def quietly() -> Iterator[None]:
    """Great Expectations without what it logs and warns of: what failed is in its results."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def validate_file(database: Path, schema: str, checks: Checks) -> Outcomes:
    """Check the tables of a DuckDB file.

    Args:
        database: the file, opened read-only.
        schema: where the tables are.
        checks: what they are held against.
    """
    opened: list[Any] = []

    def remember(connection: Any, _: Any) -> None:
        opened.append(connection)

    event.listen(Engine, "connect", remember)
    try:
        with quietly(), tempfile.TemporaryDirectory() as folder:
            # A path may hold what a connection string takes for something else, like $.
            plain = Path(folder) / "candidate.duckdb"
            plain.symlink_to(database.resolve())
            return _validate(lambda context: _file_source(context, plain), schema, checks)
    finally:
        event.remove(Engine, "connect", remember)
        # Great Expectations leaves its connections open, and nobody could open the file for writing.
        for connection in opened:
            connection.close()


def validate_postgres(where: Address, schema: str, checks: Checks) -> Outcomes:
    """Check the tables of a PostgreSQL schema, on the server.

    Args:
        where: the database.
        schema: where the tables are.
        checks: what they are held against.
    """
    url = URL.create(
        "postgresql+psycopg2", where.user, where.password, where.host, int(where.port), where.database
    )

    def source(context: Any) -> Any:
        return context.data_sources.add_postgres(
            "candidate",
            connection_string=url.render_as_string(hide_password=False),
            kwargs={"connect_args": {"sslmode": where.sslmode, "options": "-c TimeZone=UTC"}},
        )

    with quietly():
        return _validate(source, schema, checks)


def _file_source(context: Any, database: Path) -> Any:
    return context.data_sources.add_duckdb_file(
        "candidate",
        connection_string=f"duckdb:///{database}",
        kwargs={
            "connect_args": {"read_only": True},
            "poolclass": StaticPool,
            # Nothing is written, so nothing is to be taken back when a connection is let go.
            "pool_reset_on_return": None,
        },
    )


def _validate(source_of: Callable[[Any], Any], schema: str, checks: Checks) -> Outcomes:
    context = new_context(checks.docs_dir)
    source = source_of(context)
    definitions = [
        _definition(context, source, schema, table, suite) for table, suite in checks.suites.items()
    ]
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="audit", validation_definitions=definitions, actions=[])
    )
    outcome = checkpoint.run(expectation_parameters=dict(checks.parameters))
    context.build_data_docs()
    return outcomes_of(outcome.run_results.values())


def new_context(docs_dir: Path) -> Any:
    """A context of Great Expectations that keeps nothing.

    Args:
        docs_dir: an empty or missing folder, for the report as HTML (context.build_data_docs() writes it).
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.update_data_docs_site("local_site", _site(docs_dir))
    return context


def outcomes_of(results: Iterable[Any]) -> Outcomes:
    """What the results of validations say.

    Args:
        results: of Great Expectations, one a table.
    """
    return [
        (str(result.suite_name), dict(entry.to_json_dict())) for result in results for entry in result.results
    ]


def suite_of(context: Any, table: str, suite: Mapping[str, Any]) -> Any:
    """A suite that a context knows.

    Args:
        context: of Great Expectations.
        table: the suite's name.
        suite: what JSON holds of it.
    """
    return context.suites.add(
        gx.ExpectationSuite(
            name=table,
            expectations=list(_configurations(suite["expectations"])),
            meta=suite.get("meta"),
            notes=suite.get("notes"),
        )
    )


def _definition(context: Any, source: Any, schema: str, table: str, suite: Mapping[str, Any]) -> Any:
    asset = source.add_table_asset(table, table_name=table, schema_name=schema)
    batch = asset.add_batch_definition_whole_table("whole table")
    made = suite_of(context, table, suite)
    return context.validation_definitions.add(gx.ValidationDefinition(name=table, data=batch, suite=made))


def _configurations(expectations: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for expectation in expectations:
        yield {key: expectation[key] for key in ("type", "kwargs", "meta", "notes") if key in expectation}


def _site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            # A dollar sign would begin the name of a variable.
            "base_directory": str(folder).replace("$", r"\$"),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
