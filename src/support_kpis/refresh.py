"""One refresh: lock, check, build, audit, publish, record; all or nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from support_kpis import audit, build
from support_kpis.alerts import Alert, new_alerts
from support_kpis.cancel import cancelling
from support_kpis.console import Reporter
from support_kpis.contract import load_contract, personal_columns
from support_kpis.engine_words import without_values
from support_kpis.engines import Engine, engine_for
from support_kpis.errors import (
    BuildFailed,
    LockHeld,
    Stopped,
    SupportKpisError,
    WrongUse,
    disk_full,
    file_failure,
    is_disk_full,
)
from support_kpis.gate_counts import GateCounts, gate_counts
from support_kpis.input_files import Stamp, change_told, changed_since, names_of
from support_kpis.land import check_raw_dir
from support_kpis.layout import Warehouse
from support_kpis.lock import warehouse_lock
from support_kpis.runs import FAILED, PUBLISHED, Run, RunLog, now
from support_kpis.settings import EARLIER_BUILDS_KEPT, Settings
from support_kpis.signals import StopSignals
from support_kpis.themes import check_themes
from support_kpis.variables import unknown_note


@dataclass(frozen=True)
class RefreshOutcome:
    """What a refresh published.

    Args:
        run: its row in the run log.
        database: the published file.
        tables: published table to its number of rows.
        quarantined: raw table to the rows that the gate rejected.
        notes: what a reader should know, in sentences.
        seconds: stage to the seconds that it took.
        new_alerts: open alerts that the build published before did not have, the worst first.
        report: the page made of it, None where it could not be made.
    """

    run: Run
    database: str
    tables: Mapping[str, int]
    quarantined: Mapping[str, int]
    notes: Sequence[str]
    seconds: Mapping[str, float]
    new_alerts: Sequence[Alert] = ()
    report: str | None = None


@dataclass
class _State:
    """What is known of a run while it goes on."""

    run: Run
    stage: str = ""
    begun: float = 0.0
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    stamps: Mapping[Path, Stamp | None] = field(default_factory=dict)
    changed: Sequence[Path] = ()


def refresh(settings: Settings, reporter: Reporter, *, ends_process: bool = False) -> RefreshOutcome:
    """Build everything anew and publish it, or leave the published marts as they are.

    Args:
        settings: of the run.
        reporter: hears of the stages.
        ends_process: whether the process ends with the refresh; no signal changes its outcome any more then.

    Raises:
        SupportKpisError: what failed, in words; nothing was published and the run log tells of it.
    """
    warehouse = settings.warehouse
    log = RunLog(warehouse.run_log)
    try:
        with warehouse_lock(warehouse, "refresh"), StopSignals(to_the_end=ends_process) as signals:
            state = _State(log.start(**_details(settings)))
            try:
                return _Refresh(settings, reporter, log, state, signals).work()
            except BaseException as error:
                signals.settle()
                told = _record(error, settings, log, state, signals)
                if told is error:
                    raise
                raise told from error
    except LockHeld as error:
        record_failure(warehouse, settings.target, str(error))
        raise
    except OSError as error:
        raise file_failure(error, warehouse.root) from error  # the lock or the log could not be made


def record_failure(warehouse: Warehouse, target: str, message: str) -> None:
    """Leave a row in the run log for a refresh that never began, if the log can be written at all.

    Args:
        warehouse: whose log.
        target: the target asked for.
        message: what was wrong.
    """
    log = RunLog(warehouse.run_log)
    try:
        run = log.start(target=target)
        log.finish(replace(run, finished_at=now(), status=FAILED, message=message))
    except OSError:
        return


class _Refresh:
    """The stages of a refresh, in their order."""

    def __init__(
        self, settings: Settings, reporter: Reporter, log: RunLog, state: _State, signals: StopSignals
    ) -> None:
        self.settings = settings
        self.reporter = reporter
        self.log = log
        self.state = state
        self.signals = signals
        self.engine: Engine = engine_for(settings.target, settings.warehouse)
        self.landed: dict[str, str] = {}

    def work(self) -> RefreshOutcome:
        run_id = self.state.run.run_id
        self._begin("check", f"Checking {self.settings.source}")
        prepared = self.engine.prepare(run_id)
        self.signals.listen()
        for words in prepared:
            self._note(words[0].upper() + words[1:] + ".")
        if unknown := unknown_note():
            self._note(unknown)
        for settled in self.log.settle(self.engine.published_run_id(), run_id):
            self._note(f"Run {settled.run_id} had ended without a word; it is recorded as {settled.status}.")
        self._check_input()

        self._begin("build", "Building and testing with dbt")
        self.engine.land_run_log(self.log.runs())
        for_dbt = self.landed | self.engine.build_environment(run_id)
        left_out = self.engine.left_out_of_build()
        with cancelling(lambda: bool(self.signals.received), self.engine.cancel_queries):
            built = build.run_dbt_build(self.settings, run_id, self.reporter.progress, for_dbt, left_out)
        self._take_build(built)

        self._begin("candidate", "Writing the candidate")
        rows = self.engine.write_candidate(run_id, build.docs_of_tables(self.settings))

        self._begin("audit", "Auditing the candidate with Great Expectations")
        last = self.log.last_published(self.engine.published_run_id())
        baseline = audit.choose_baseline(self.settings, self.engine.is_published(), last)
        if not baseline.comparable:
            self._note(f"The build is not compared with an earlier one: {baseline.reason}.")
        audited = audit.audit_candidate(self.settings, self.engine, run_id, rows, baseline)
        self._take_audit(audited)

        self._begin("publish", "Publishing")
        counts = gate_counts(self.engine, run_id)
        outcome = self._publish(rows, counts)
        self.reporter.end(ok=True)
        return outcome

    def _begin(self, stage: str, words: str) -> None:
        self.signals.check()
        self._end_stage()
        self.state.stage, self.state.begun = stage, time.monotonic()
        self.log.note(self.state.run.run_id, "stage", stage=stage)
        self.reporter.stage(words)

    def _end_stage(self) -> None:
        if self.state.stage:
            self.state.seconds[self.state.stage] = round(time.monotonic() - self.state.begun, 2)

    def _note(self, words: str) -> None:
        self.state.notes.append(words)
        self.reporter.note(words)

    def _check_input(self) -> None:
        check_themes(self.settings.project_dir)
        contract = load_contract(self.settings.project_dir)
        if self.settings.raw_dir is not None:
            found = check_raw_dir(self.settings.raw_dir, contract)
            self.state.stamps = found.stamps
            self.landed = self.engine.land(self.settings.project_dir, found.files)
        elif self.settings.raw_schema is None:
            self.landed = self.engine.land(self.settings.project_dir, None)
        else:
            required = [table.name for table in contract.values() if table.required]
            missing = self.engine.has_raw_tables(self.settings.raw_schema, required)
            if missing:
                raise WrongUse(
                    f"The schema {self.settings.raw_schema} of {_build_place(self.settings)} "
                    f"holds no {', '.join(missing)}: load the raw tables there, or set "
                    "SUPPORT_KPIS_RAW_SCHEMA to where they are."
                )

    def _take_build(self, built: build.BuildResult) -> None:
        self.state.changed = changed_since(self.state.stamps)
        self.state.run = replace(
            self.state.run,
            as_of=self.settings.as_of or self._as_of(),
            models_count=built.models_count,
            tests_count=built.tests_count,
            failures_count=len(built.failures),
            warnings_count=built.warnings_count,
        )
        self.signals.check()
        if any(is_disk_full(failure.message) for failure in built.failures):
            raise disk_full(str(self.settings.warehouse.root))
        if built.failures:
            raise BuildFailed(build.failure_message(built, self.settings, self._rows_of))
        if self.state.changed:
            self._note(
                f"Warning: {names_of(self.state.changed)} changed while the refresh read the raw files; what "
                "is published may hold rows from before and after. Run the refresh again."
            )
        for warning in built.warnings:
            self._note(f"Warning of {warning.name}: {warning.rows} row(s) of {warning.table}.")

    def _as_of(self) -> datetime | None:
        found = self.engine.as_of()
        return found if isinstance(found, datetime) else None

    def _rows_of(self, query: str) -> str:
        names, rows = self.engine.failing_rows(query)
        personal = personal_columns(load_contract(self.settings.project_dir))
        told = [place for place, name in enumerate(names) if name.lower() not in personal][:4]
        examples = (", ".join(f"{names[place]} {row[place]}" for place in told) for row in rows[:2])
        return "; ".join(example[:160] for example in examples)

    def _take_audit(self, audited: audit.AuditResult) -> None:
        run = self.state.run
        self.state.run = replace(
            run,
            tests_count=(run.tests_count or 0) + audited.checked,
            failures_count=(run.failures_count or 0) + len(audited.failures),
        )
        if audited.failures:
            raise BuildFailed(audit.failure_message(audited, self.settings))

    def _publish(self, rows: Mapping[str, int], counts: GateCounts) -> RefreshOutcome:
        for words in counts.notes(self.settings):
            self._note(words)
        total = sum(count for table, count in rows.items() if table != "ops_refresh_runs")
        run = replace(
            self.state.run,
            finished_at=now(),
            status=PUBLISHED,
            rows_published=total,
            message=f"Published {len(rows)} tables from {self.settings.source}.",
        )
        found = new_alerts(self.engine, run.run_id)
        self.engine.seal_candidate(run)
        self.log.ready(run)
        # From here on a signal comes too late: the build is out, and the log has to say so.
        self.signals.defer()
        self.engine.publish_candidate(run.run_id)
        self.state.run = run
        self.log.finish(run)
        self._tidy_earlier_builds()
        self._end_stage()
        report = self._write_report()
        published = {**rows}
        if "ops_refresh_runs" in published:
            published["ops_refresh_runs"] += 1
        return RefreshOutcome(
            run=run,
            database=self.engine.where,
            tables=published,
            quarantined=counts.quarantined,
            notes=tuple(self.state.notes),
            seconds=dict(self.state.seconds),
            new_alerts=tuple(found),
            report=report,
        )

    def _write_report(self) -> str | None:
        """Make the page of what was just published; the build is out, so a page that fails costs a word."""
        from support_kpis.report.make import page_of

        begun = time.monotonic()
        self.reporter.stage("Writing the report")
        trouble = page_of(self.settings.warehouse, self.settings.target)
        self.state.seconds["report"] = round(time.monotonic() - begun, 2)
        if trouble:
            self._note(trouble)
            return None
        return str(self.settings.warehouse.report)

    def _tidy_earlier_builds(self) -> None:
        """Keep the last few, without customers erased since; the build is out, so this fails no run."""
        failures: tuple[type[Exception], ...] = (OSError, *self.engine.errors)
        try:
            self.engine.prune(EARLIER_BUILDS_KEPT)
            for rewritten in self.engine.erase_from_earlier():
                self._note(f"Customers erased since were taken out of the earlier build of run {rewritten}.")
        except failures as error:
            self._note(
                f"Warning: the earlier builds beside {self.engine.where} could not be tidied "
                f"({without_values(error)[:200]}); the next refresh tries again."
            )


def _build_place(settings: Settings) -> str:
    if settings.target == "dev":
        return str(settings.warehouse.build_database)
    return f"target {settings.target}"


def _details(settings: Settings) -> dict[str, Any]:
    return {
        "target": settings.target,
        "source": settings.source,
        "settings": {name: settings.options.get(name, "") for name in audit.SHAPING},
        "as_of": settings.as_of_text(),
        "full_refresh": settings.full_refresh,
    }


def _record(
    error: BaseException, settings: Settings, log: RunLog, state: _State, signals: StopSignals
) -> BaseException:
    """Write the row of a failed run, remove its candidate, and give the error to raise."""
    told: BaseException = error
    engine = engine_for(settings.target, settings.warehouse)
    # DuckDB is a part of this program; the others can be lost.
    of_engine = () if settings.target == "dev" else engine.errors
    if signals.received or isinstance(error, KeyboardInterrupt):
        told = Stopped(
            f"Stopped by {signals.received or 'the keyboard'}: nothing was published; the last good "
            "marts still stand."
        )
    elif isinstance(error, (ConnectionError, *of_engine)):
        told = BuildFailed(
            f"The engine of target '{settings.target}' failed during '{state.stage}' "
            f"({without_values(error)[:200]}): nothing was published; the last good marts still "
            "stand. See that it runs (support-kpis doctor), and run the refresh again."
        )
    elif isinstance(error, (OSError, duckdb.Error)) and not isinstance(error, SupportKpisError):
        told = file_failure(error, settings.warehouse.root)
    changed = state.changed or (changed_since(state.stamps) if state.stage in ("check", "build") else ())
    if changed and not isinstance(told, (Stopped, WrongUse)):
        told = BuildFailed(change_told(changed, _words(told)))
    if state.run.status != PUBLISHED:
        message = _words(told)
        try:
            _discard(settings)
            log.finish(replace(state.run, finished_at=now(), status=FAILED, message=message))
        except OSError:
            pass  # the next run finds this one without an end, and records it
    return told


def _words(error: BaseException) -> str:
    """An error as the run log may tell it: our own words as they are, others without values of the data."""
    words = str(error) if isinstance(error, SupportKpisError) else without_values(error)
    return words or type(error).__name__


def _discard(settings: Settings) -> None:
    engine = engine_for(settings.target, settings.warehouse)
    failures: tuple[type[Exception], ...] = (WrongUse, OSError, *engine.errors)
    try:
        engine.discard()
    except failures:
        return  # the server or the right to write is gone; the next run removes what is left
