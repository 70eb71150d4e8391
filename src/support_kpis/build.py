"""Run dbt: models, seeds and data tests, all in one `dbt build`."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support_kpis.engine_words import without_values
from support_kpis.engines.duckdb_copy import TableDocs
from support_kpis.environment import environment
from support_kpis.errors import BuildFailed, disk_full, is_disk_full
from support_kpis.settings import Settings

# Unit tests check code on made-up rows; a refresh checks data. `make test` runs them.
_BUILD = ("build", "--exclude-resource-type", "unit_test")
_SHOWN_FAILURES = 5


@dataclass(frozen=True)
class NodeFailure:
    """A model, seed or test that did not pass.

    Args:
        name: of the node.
        kind: model, seed, test and so on.
        table: the table it is about, empty if none can be named.
        rows: the failing rows of a test, None where nothing was counted.
        message: what dbt says, in one line.
        query: SQL that finds the failing rows of a test, None for anything else.
    """

    name: str
    kind: str
    table: str
    rows: int | None
    message: str
    query: str | None


@dataclass(frozen=True)
class BuildResult:
    """What a build came to.

    Args:
        models_count: models and seeds that were built.
        tests_count: data tests that were checked.
        warnings_count: tests that warned.
        failures: what failed; a build without failures is good.
        warnings: what warned, in words.
        skipped_count: nodes not built because one before them failed.
    """

    models_count: int = 0
    tests_count: int = 0
    warnings_count: int = 0
    failures: Sequence[NodeFailure] = ()
    warnings: Sequence[NodeFailure] = ()
    skipped_count: int = 0


Progress = Callable[[int, int, str], None]


def run_dbt_build(
    settings: Settings,
    run_id: str,
    progress: Progress,
    for_engine: Mapping[str, str] | None = None,
    selection: Sequence[str] = (),
) -> BuildResult:
    """Build and test everything with dbt.

    Args:
        settings: of the run.
        run_id: the run's number.
        progress: told after each node: how many are done, of how many, and which one.
        for_engine: what the engine adds to the environment, or puts in the place of a setting.
        selection: further arguments of dbt that say what is left out.

    Returns:
        The outcome; failing models and tests are in it.

    Raises:
        BuildFailed: dbt could not begin, for example because a model does not compile.
        WrongUse: the disk is full.
    """
    arguments = [*_BUILD, *selection, *_common_arguments(settings)]
    if settings.full_refresh:
        arguments.append("--full-refresh")
    with environment(settings.dbt_environment(run_id) | dict(for_engine or {})):
        result = _invoke(arguments, _Watch(progress))
        nodes = getattr(result.result, "results", None)
        if nodes is None:
            raise _not_begun(result.exception, settings)
        return _summary(nodes)


def _common_arguments(settings: Settings) -> list[str]:
    """What every call of dbt is told."""
    warehouse = settings.warehouse
    arguments = [
        *("--project-dir", str(settings.project_dir)),
        *("--profiles-dir", str(settings.project_dir / "profiles")),
        *("--target", settings.target),
        *("--target-path", str(warehouse.target_dir)),
        *("--log-path", str(warehouse.logs_dir)),
        *("--log-level", "none", "--log-level-file", "info"),
        "--no-use-colors",
    ]
    overrides = _overrides(settings)
    return [*arguments, "--vars", json.dumps(overrides)] if overrides else arguments


def docs_of_tables(settings: Settings) -> dict[str, TableDocs]:
    """The descriptions of all models, from dbt's manifest.

    Args:
        settings: of a run that dbt has built.

    Returns:
        Table name to its words.
    """
    manifest = json.loads((settings.warehouse.target_dir / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["alias"]: TableDocs(
            _one_line(node.get("description", "")),
            {name: _one_line(column.get("description", "")) for name, column in node["columns"].items()},
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def failure_message(result: BuildResult, settings: Settings, rows_of: Callable[[str], str]) -> str:
    """Tell in a few lines what failed, where and what to do.

    Args:
        result: a build with failures.
        settings: of the run.
        rows_of: runs a test's query, and tells a few of its rows as text; empty if it cannot.
    """
    tests = [failure for failure in result.failures if failure.kind in ("test", "unit_test")]
    others = [failure for failure in result.failures if failure not in tests]
    lines = []
    for failure in [*others, *tests][:_SHOWN_FAILURES]:
        if failure in tests and failure.rows is not None:
            line = f"Test {failure.name} failed: {failure.rows} row(s) of {failure.table or 'its query'}."
            sample = rows_of(failure.query) if failure.query else ""
            line += f" For example {sample}." if sample else ""
        else:
            line = f"{failure.kind.capitalize()} {failure.name} failed: {failure.message}"
        lines.append(line)
    hidden = len(result.failures) - len(lines)
    if hidden > 0:
        lines.append(f"And {hidden} more.")
    if result.skipped_count:
        lines.append(f"{result.skipped_count} models and tests that build on it were skipped.")
    lines.append(
        "Nothing was published; the last good marts still stand. Put the input or the model right and "
        "run the refresh again. To keep all failing rows: dbt test --select NAME --store-failures; the "
        f"whole log is in {settings.warehouse.logs_dir / 'dbt.log'}."
    )
    return "\n".join(lines)


def _overrides(settings: Settings) -> dict[str, str]:
    """Settings of the command line that a var in dbt_project.yml would hide, since dbt prefers it."""
    from support_kpis.settings import project_vars

    fixed = project_vars(settings.project_dir)
    values = {"raw_dir": str(settings.raw_dir or ""), "as_of": settings.as_of_text()}
    return {name: value for name, value in values.items() if name in settings.given and name in fixed}


def _invoke(arguments: Sequence[str], watch: Callable[[Any], None]) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = Path.cwd()
    try:
        with _silent_logging():
            return dbtRunner(callbacks=[watch]).invoke(list(arguments))
    finally:
        os.chdir(folder)
        # dbt keeps the database open for the life of the process; what follows needs it closed.
        environment = DuckDBConnectionManager._ENV
        if environment is not None:
            environment.close()
            DuckDBConnectionManager.close_all_connections()


@contextmanager
def _silent_logging() -> Iterator[None]:
    """Keep logging from telling the terminal of its own troubles: on a full disk, a stack trace a line."""
    before = logging.raiseExceptions
    logging.raiseExceptions = False
    try:
        yield
    finally:
        logging.raiseExceptions = before


class _Watch:
    """Hears dbt's events and tells how far the build is."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.done = 0

    def __call__(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            self.done += 1
            node = event.data.node_info
            self.progress(self.done, 0, f"{node.resource_type} {node.node_name}")
        elif event.info.name == "FoundStats":
            self.progress(0, 0, str(event.data.stat_line))


def _summary(nodes: Sequence[Any]) -> BuildResult:
    models = tests = skipped = 0
    failures, warnings = [], []
    for result in nodes:
        node, status = result.node, str(result.status)
        kind = str(node.resource_type)
        if status == "skipped":
            skipped += 1
            continue
        if kind == "test":
            tests += 1
        elif kind in ("model", "seed", "snapshot"):
            models += 1
        if status in ("error", "fail", "runtime error", "partial success"):
            failures.append(_failure(result))
        elif status == "warn":
            warnings.append(_failure(result))
    return BuildResult(
        models_count=models,
        tests_count=tests,
        warnings_count=len(warnings),
        failures=tuple(failures),
        warnings=tuple(warnings),
        skipped_count=skipped,
    )


def _failure(result: Any) -> NodeFailure:
    node = result.node
    kind = str(node.resource_type)
    table = str(node.name)
    if kind == "test":
        attached = getattr(node, "attached_node", None) or ""
        parents = [attached] if attached else list(getattr(node.depends_on, "nodes", []))
        table = ", ".join(parent.rsplit(".", 1)[-1] for parent in parents)
    counted = str(result.status) in ("fail", "warn") and result.failures is not None
    return NodeFailure(
        name=str(node.name),
        kind="operation" if kind == "hook" else kind,
        table=table,
        rows=int(result.failures) if counted else None,
        message=without_values(result.message or "no message")[:400],
        query=getattr(node, "compiled_code", None) if kind == "test" and counted else None,
    )


def _not_begun(error: BaseException | None, settings: Settings) -> Exception:
    text = without_values(error) if error else "dbt ended without a result"
    if is_disk_full(text):
        return disk_full(str(settings.warehouse.root))
    return BuildFailed(
        f"dbt could not build: {text[:600]}\nNothing was published; the last good marts still stand. "
        f"The whole log is in {settings.warehouse.logs_dir / 'dbt.log'}."
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
