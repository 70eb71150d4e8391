"""The audit of a candidate: shape, volume, distribution and freshness, against the last published build."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from support_kpis.checks import Checks, Outcomes
from support_kpis.engine_words import without_values
from support_kpis.engines import Engine
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
    """Whether there is a build that a candidate is compared with.

    Args:
        comparable: whether the published build can be compared with.
        reason: why it cannot, in words; empty if it can.
    """

    comparable: bool
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
            dict(suite["meta"]["columns"])
            [(expectation["type"], expectation["kwargs"]) for expectation in suite["expectations"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise WrongUse(f"{path} is no suite of expectations ({error}): put the file right.") from None
        suites[path.stem] = suite
    if not suites:
        raise WrongUse(f"No suite is in {project_dir / 'expectations'}: is the checkout complete?")
    return suites


def _shape(columns: Mapping[str, str], foreign_types: str) -> list[dict[str, Any]]:
    """The expectations that a suite's list of columns stands for: their order, and the type of each."""
    notes = "Readers rely on the columns: name a change in the changelog, and in the suite's list of columns."
    return [
        {
            "type": "expect_table_columns_to_match_ordered_list",
            "kwargs": {"column_list": list(columns)},
            "notes": notes,
        },
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {
                "unexpected_rows_query": foreign_types,
                "description": "a column has another type than the suite lists",
            },
            "notes": notes,
        },
    ]


def choose_baseline(settings: Settings, is_published: bool, last: PublishedRun | None) -> Baseline:
    """Decide whether the published build can be compared with a new one.

    Args:
        settings: of the new build.
        is_published: whether there is a published build.
        last: what the run log knows of it.
    """
    if not is_published or last is None:
        return Baseline(False, "nothing was published before")
    if settings.full_refresh:
        return Baseline(False, "--full-refresh takes this build as the new beginning")
    if last.source != settings.source:
        return Baseline(False, f"the last published build read {last.source or 'another input'}")
    changed = [name for name in SHAPING if last.settings.get(name, "") != settings.options.get(name, "")]
    if changed:
        return Baseline(
            False, f"the settings {', '.join(changed)} are others than in the last published build"
        )
    if settings.as_of and last.run.as_of and settings.as_of < last.run.as_of:
        return Baseline(
            False, f"as_of is set back before that of the last published build ({last.run.as_of})"
        )
    return Baseline(True)


def audit_candidate(
    settings: Settings, engine: Engine, run_id: str, rows: Mapping[str, int], baseline: Baseline
) -> AuditResult:
    """Check a candidate against the suites, and write the report as HTML.

    Args:
        settings: of the run.
        engine: where the candidate and the published build are.
        run_id: the run that made the candidate.
        rows: its tables and their numbers of rows.
        baseline: whether to compare it with the published build.
    """
    suites = load_suites(settings.project_dir)
    failures = [_not_built(table) for table in suites if table not in rows]
    chosen = {}
    for table, suite in suites.items():
        if table in rows:
            columns = suite["meta"]["columns"]
            shape = _shape(columns, engine.foreign_types(run_id, table, columns))
            chosen[table] = {**suite, "expectations": [*shape, *suite["expectations"]]}
    with (
        engine.reading_candidate(run_id) as fresh,
        engine.reading_published() if baseline.comparable else nullcontext() as old,
    ):
        chosen, parameters, waiting = _fill(chosen, engine, fresh, old)
    outcomes = _validate(settings, engine, run_id, chosen, parameters)
    with engine.reading_candidate(run_id) as fresh:
        failures += [_failure(fresh, table, outcome) for table, outcome in outcomes if not outcome["success"]]
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
    suites: Mapping[str, dict[str, Any]], engine: Engine, fresh: Any, old: Any
) -> tuple[dict[str, dict[str, Any]], dict[str, Any], int]:
    """Work out the suites' parameters; expectations whose parameters have no value wait for a later build."""
    filled, parameters, waiting = {}, {}, 0
    for table, suite in suites.items():
        kept = []
        for expectation in suite["expectations"]:
            meta = expectation.get("meta") or {}
            values = {
                name: _scalar(engine, reader, query)
                for reader, place in ((fresh, "from_candidate"), (old, "from_last_build"))
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


def _scalar(engine: Engine, reader: Any, query: str) -> Any:
    if reader is None:
        return None
    try:
        row = reader.execute(query).fetchone()
    except engine.errors:  # the last build has no such table or column
        return None
    value = row[0] if row else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def _validate(
    settings: Settings,
    engine: Engine,
    run_id: str,
    suites: Mapping[str, Mapping[str, Any]],
    parameters: Mapping[str, Any],
) -> Outcomes:
    docs = settings.warehouse.data_docs_dir
    fresh = docs.with_name(docs.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    outcomes = engine.validate(run_id, Checks(suites, parameters, fresh))
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


def _failure(candidate: Any, table: str, outcome: Mapping[str, Any]) -> AuditFailure:
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
        observed=without_values(raised[0])[:200] if raised else str(observed),
        expected=", ".join(f"{key} {value}" for key, value in kwargs.items() if value is not None),
        notes=" ".join(notes) if isinstance(notes, list) else str(notes),
    )


def _rows(candidate: Any, query: str) -> str:
    """A few rows of a query, as text."""
    rows = candidate.execute(query).fetchmany(3)
    return "; ".join(" ".join(str(value) for value in row) for row in rows)


def _exceptions(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return (
        [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]
    )
