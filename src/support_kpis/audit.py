"""The audit of a candidate: shape, volume, distribution and freshness, against the last published build."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from support_kpis.engines.duckdb_copy import reading
from support_kpis.errors import WrongUse
from support_kpis.runs import PublishedRun
from support_kpis.settings import Settings

_SCHEMA = "marts"
_SHOWN_FAILURES = 5
_OF_SHAPE = ("is published", "expect_table_columns_to_match_ordered_list", "unexpected_rows_expectation")
# Settings that change what the figures mean: builds that differ in one cannot be compared.
SHAPING = (
    "reporting_time_zone",
    "reporting_currency",
    "fcr_window_days",
    "influence_window_days",
    "activity_window_days",
    "cx_weights",
)


@dataclass(frozen=True)
class Baseline:
    """The build that a candidate is compared with.

    Args:
        database: the published file, None if there is none to compare with.
        reason: why there is none, in words; empty if there is one.
    """

    database: Path | None
    reason: str = ""


@dataclass(frozen=True)
class AuditFailure:
    """An expectation that did not hold.

    Args:
        table: the published table.
        expectation: its type in Great Expectations' words.
        about: the column, or empty for the table.
        observed: what was found.
        expected: what was asked for.
        notes: why it is asked for and what to do.
    """

    table: str
    expectation: str
    about: str
    observed: str
    expected: str
    notes: str

    @property
    def where(self) -> str:
        """The table, with the column if the expectation is about one."""
        return f"{self.table}, column {self.about}" if self.about else self.table


@dataclass(frozen=True)
class AuditResult:
    """What an audit came to.

    Args:
        checked: expectations that were checked.
        waiting: expectations that had nothing to be compared with.
        failures: those that did not hold.
    """

    checked: int
    waiting: int
    failures: Sequence[AuditFailure]


def load_suites(project_dir: Path) -> dict[str, dict[str, Any]]:
    """Read all suites.

    Args:
        project_dir: the folder that holds expectations/.

    Returns:
        Table name to suite.

    Raises:
        WrongUse: a suite is no JSON or lacks its parts.
    """
    suites = {}
    for path in sorted((project_dir / "expectations").glob("*.json")):
        try:
            suite = json.loads(path.read_text(encoding="utf-8"))
            if suite["name"] != path.stem:
                raise ValueError(f"its name is {suite['name']!r}, not {path.stem!r}")
            suite["expectations"] = [*_shape(suite["meta"]["columns"]), *suite["expectations"]]
            [(expectation["type"], expectation["kwargs"]) for expectation in suite["expectations"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise WrongUse(f"{path} is no suite of expectations ({error}): put the file right.") from None
        suites[path.stem] = suite
    if not suites:
        raise WrongUse(f"No suite is in {project_dir / 'expectations'}: is the checkout complete?")
    return suites


def _shape(columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """The expectations that a suite's list of columns stands for: their order, and the type of each."""
    notes = "Readers rely on the columns: name a change in the changelog, and in the suite's list of columns."
    listed = ", ".join(f"('{name}', '{type_}')" for name, type_ in columns.items())
    others = (
        "select column_name, column_type from (describe select * from {batch}) as columns "
        f"where (column_name, column_type) not in ({listed})"
    )
    return [
        {
            "type": "expect_table_columns_to_match_ordered_list",
            "kwargs": {"column_list": list(columns)},
            "notes": notes,
        },
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {
                "unexpected_rows_query": others,
                "description": "a column has another type than the suite lists",
            },
            "notes": notes,
        },
    ]


def choose_baseline(settings: Settings, published: Path, last: PublishedRun | None) -> Baseline:
    """Decide whether the published build can be compared with a new one.

    Args:
        settings: of the new build.
        published: the published file.
        last: what the run log knows of it.
    """
    if not published.is_file() or last is None:
        return Baseline(None, "nothing was published before")
    if settings.full_refresh:
        return Baseline(None, "--full-refresh takes this build as the new beginning")
    if last.source != settings.source:
        return Baseline(None, f"the last published build read {last.source or 'another input'}")
    changed = [name for name in SHAPING if last.settings.get(name, "") != settings.options.get(name, "")]
    if changed:
        return Baseline(
            None, f"the settings {', '.join(changed)} are others than in the last published build"
        )
    if settings.as_of and last.run.as_of and settings.as_of < last.run.as_of:
        return Baseline(None, f"as_of is set back before that of the last published build ({last.run.as_of})")
    return Baseline(published)


def audit_candidate(
    settings: Settings, candidate: Path, rows: Mapping[str, int], baseline: Baseline
) -> AuditResult:
    """Check a candidate against the suites, and write the report as HTML.

    Args:
        settings: of the run.
        candidate: the file to be published.
        rows: its tables and their numbers of rows.
        baseline: what to compare it with.
    """
    suites = load_suites(settings.project_dir)
    failures = [_not_built(table) for table in suites if table not in rows]
    chosen = {table: suite for table, suite in suites.items() if table in rows}
    chosen, parameters, waiting = _fill(chosen, candidate, baseline.database)
    outcomes = _validate(settings, candidate, chosen, parameters)
    failures += [_failure(candidate, table, outcome) for table, outcome in outcomes if not outcome["success"]]
    # A wrong shape makes other expectations fail too, so it is told first.
    failures.sort(key=lambda failure: (failure.expectation not in _OF_SHAPE, failure.table))
    return AuditResult(checked=len(outcomes), waiting=waiting, failures=tuple(failures))


def failure_message(result: AuditResult, settings: Settings) -> str:
    """Tell in a few lines which expectations did not hold and what to do.

    Args:
        result: an audit with failures.
        settings: of the run.
    """
    lines = [
        f"Expectation failed on {failure.where}: {failure.expectation}; observed {failure.observed}, "
        f"expected {failure.expected}. {failure.notes}".rstrip()
        for failure in result.failures[:_SHOWN_FAILURES]
    ]
    if len(result.failures) > _SHOWN_FAILURES:
        lines.append(f"And {len(result.failures) - _SHOWN_FAILURES} more.")
    lines.append(
        "Nothing was published; the last good marts still stand. Look at the input; if the change is "
        "meant, run the refresh once with --full-refresh, which takes the new build as the beginning. "
        f"The report is {settings.warehouse.data_docs_dir / 'index.html'}."
    )
    return "\n".join(lines)


def _fill(
    suites: Mapping[str, dict[str, Any]], candidate: Path, last_build: Path | None
) -> tuple[dict[str, dict[str, Any]], dict[str, Any], int]:
    """Work out the suites' parameters; expectations whose parameters have no value wait for a later build."""
    filled, parameters, waiting = {}, {}, 0
    with (
        duckdb.connect(str(candidate), read_only=True) as fresh,
        reading(last_build) if last_build else duckdb.connect() as old,
    ):
        for table, suite in suites.items():
            kept = []
            for expectation in suite["expectations"]:
                meta = expectation.get("meta") or {}
                values = {
                    name: _scalar(connection, query)
                    for connection, place in ((fresh, "from_candidate"), (old, "from_last_build"))
                    for name, query in meta.get(place, {}).items()
                }
                if any(value is None for value in values.values()):
                    waiting += 1
                else:
                    parameters.update(values)
                    kept.append(expectation)
            if kept:
                filled[table] = {**suite, "expectations": kept}
    return filled, parameters, waiting


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    try:
        row = connection.execute(query).fetchone()
    except duckdb.Error:  # the last build has no such table or column
        return None
    value = row[0] if row else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def _validate(
    settings: Settings,
    candidate: Path,
    suites: Mapping[str, Mapping[str, Any]],
    parameters: Mapping[str, Any],
) -> list[tuple[str, dict[str, Any]]]:
    from support_kpis.gx_duckdb import validate_file

    docs = settings.warehouse.data_docs_dir
    fresh = docs.with_name(docs.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    outcomes = validate_file(candidate, _SCHEMA, suites, parameters, fresh)
    shutil.rmtree(docs, ignore_errors=True)
    if fresh.is_dir():
        fresh.replace(docs)
    return outcomes


def _not_built(table: str) -> AuditFailure:
    return AuditFailure(
        table,
        expectation="is published",
        about="",
        observed="no such table",
        expected="a table of that name",
        notes="Build the model again, or remove its suite from expectations/ if it is gone for good.",
    )


def _failure(candidate: Path, table: str, outcome: Mapping[str, Any]) -> AuditFailure:
    config = outcome["expectation_config"]
    kwargs = {key: value for key, value in config["kwargs"].items() if key not in ("batch_id", "column")}
    query = kwargs.pop("unexpected_rows_query", None)
    raised = [
        str(info.get("exception_message", ""))
        for info in _exceptions(outcome.get("exception_info") or {})
        if info.get("raised_exception")
    ]
    result = outcome.get("result") or {}
    observed = result.get("observed_value", result.get("unexpected_percent"))
    if "unexpected_count" in result and result.get("observed_value") is None:
        observed = f"{result['unexpected_count']} unexpected of {result.get('element_count', '?')}"
        if result.get("partial_unexpected_list"):
            observed += f", for example {result['partial_unexpected_list'][:3]}"
    if query is not None:
        observed = f"{observed} rows, {_rows(candidate, query.format(batch=f'{_SCHEMA}.{table}'))}"
        kwargs = {"no row where": config.get("description") or kwargs.get("description") or query}
    notes = config.get("notes") or ""
    return AuditFailure(
        table=table,
        expectation=str(config["type"]),
        about=str(config["kwargs"].get("column", "")),
        observed=raised[0].splitlines()[0][:200] if raised else str(observed),
        expected=", ".join(f"{key} {value}" for key, value in kwargs.items() if value is not None),
        notes=" ".join(notes) if isinstance(notes, list) else str(notes),
    )


def _rows(candidate: Path, query: str) -> str:
    """A few rows of a query, as text."""
    with duckdb.connect(str(candidate), read_only=True) as connection:
        rows = connection.execute(query).fetchmany(3)
    return "; ".join(" ".join(str(value) for value in row) for row in rows)


def _exceptions(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return (
        [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]
    )
