"""What is published, how fresh it is, and how the last runs went."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rich.console import Console

from support_kpis.alerts import Alert, lines_of, open_alerts
from support_kpis.console import table
from support_kpis.engines import engine_for
from support_kpis.errors import EXIT_PUBLISHED, EXIT_WRONG_USE, WrongUse
from support_kpis.layout import Warehouse
from support_kpis.lock import holder
from support_kpis.runs import Run, RunLog, now

_ALERTS_SHOWN = 20


@dataclass(frozen=True)
class Status:
    """The state of a warehouse.

    Args:
        database: the published file or database, None if nothing is published.
        trouble: why what is published cannot be told of, and what to do; None if it can.
        run_id: the run whose build is published.
        published_at: when that run ended, UTC ISO text.
        as_of: the instant that the marts speak for, UTC ISO text.
        age: the time since it was published, in words.
        tables: published table to rows.
        quarantined_count: raw rows that the gate rejected.
        alerts: open alerts in the published marts, the worst first; None where they are not built.
        earlier: run ids of earlier builds that can be published again.
        report: the page in the warehouse folder, None if there is none.
        unfinished: the run whose publication was broken off, so that some tables are still of the run before.
        running: who holds the lock, None if nobody does.
        runs: the last runs, the latest first.
    """

    database: str | None
    trouble: str | None
    run_id: str | None
    published_at: str | None
    as_of: str | None
    age: str | None
    tables: dict[str, int]
    quarantined_count: int | None
    alerts: Sequence[Alert] | None
    earlier: Sequence[str]
    report: str | None
    unfinished: str | None
    running: dict[str, Any] | None
    runs: Sequence[Run]

    def as_json(self) -> dict[str, Any]:
        """The state as one JSON object."""
        failure = {"exit_code": EXIT_WRONG_USE, "message": self.trouble} if self.trouble else {}
        return {
            "command": "status",
            "exit_code": EXIT_PUBLISHED,
            **failure,
            "database": self.database,
            "run_id": self.run_id,
            "published_at": self.published_at,
            "as_of": self.as_of,
            "tables": self.tables,
            "quarantined_count": self.quarantined_count,
            "open_alerts": None if self.alerts is None else len(self.alerts),
            "alerts": [alert.as_json() for alert in self.alerts or ()],
            "earlier_builds": list(self.earlier),
            "report": self.report,
            "unfinished_run_id": self.unfinished,
            "running": self.running,
            "runs": [run.as_json() for run in self.runs],
        }


def read_status(warehouse: Warehouse, last: int = 10, target: str = "dev") -> Status:
    """Look at a warehouse without touching it.

    Args:
        warehouse: where to look.
        last: how many runs to tell of.
        target: the dbt target whose marts are published.

    Raises:
        WrongUse: there is no warehouse.
    """
    if not warehouse.root.is_dir():
        raise WrongUse(
            f"There is no warehouse in {warehouse.root}: run support-kpis refresh, or name its folder "
            "with --warehouse-dir."
        )
    engine = engine_for(target, warehouse)
    run_id = engine.published_run_id()
    runs = RunLog(warehouse.run_log).runs()
    tables: dict[str, int] = {}
    quarantined = alerts = None
    published_at = as_of = age = None
    if run_id is not None:
        with engine.reading_published() as connection:
            tables = _row_counts(connection, engine.published_tables())
            quarantined = tables.get("ops_quarantine")
            alerts = open_alerts(connection, engine.errors)
            row = connection.execute(
                "select finished_at, as_of from marts.ops_refresh_runs where run_id = ?", [run_id]
            ).fetchone()
        if row:
            published_at = f"{row[0].isoformat()}Z" if row[0] else None
            as_of = f"{row[1].isoformat()}Z" if row[1] else None
            age = _words(now() - row[0]) if row[0] else None
    earlier = [kept for kept in engine.earlier() if kept != run_id]
    is_there = run_id is not None or engine.is_published()
    return Status(
        database=engine.where if is_there else None,
        trouble=_unreadable(engine.where, earlier) if is_there and run_id is None else None,
        run_id=run_id,
        published_at=published_at,
        as_of=as_of,
        age=age,
        tables=tables,
        quarantined_count=quarantined,
        alerts=alerts,
        earlier=earlier,
        report=str(warehouse.report) if warehouse.report.is_file() else None,
        unfinished=engine.unfinished(),
        running=holder(warehouse),
        runs=runs[::-1][:last],
    )


def print_status(status: Status, console: Console) -> None:
    """Write the state for a reader.

    Args:
        status: what to write.
        console: where.
    """
    if status.database is None:
        console.print("Nothing is published yet: run support-kpis refresh.")
    elif status.trouble is None:
        console.print(f"Published: {status.database}")
        console.print(
            f"  by run {status.run_id} at {status.published_at} ({status.age} ago), {len(status.tables)} "
            f"tables, {sum(status.tables.values()):,} rows"
        )
        console.print(f"  the marts speak for {status.as_of or 'no instant: the input is empty'}")
        if status.quarantined_count is not None:
            console.print(f"  {status.quarantined_count:,} raw rows in quarantine (marts.ops_quarantine)")
        _print_alerts(status.alerts, console)
        if status.report:
            console.print(f"  report: {status.report}")
    if status.unfinished:
        console.print(
            f"Warning: run {status.unfinished} was killed while it published, and some tables are still "
            "those of the run before: the next refresh or rollback ends what it began."
        )
    if status.earlier:
        console.print(f"Earlier builds for support-kpis rollback: {', '.join(status.earlier)}")
    if status.running:
        console.print(
            f"Running now: {status.running.get('doing', 'refresh')} by process "
            f"{status.running.get('pid')} since {status.running.get('since')}"
        )
    if status.runs:
        console.print(
            table(
                "Last runs",
                ("run", "started (UTC)", "status", "as of", "failures", "rows", "message"),
                [_run_cells(run) for run in status.runs],
                right=(4, 5),
            )
        )


def _unreadable(where: str, earlier: Sequence[str]) -> str:
    back = f"support-kpis rollback to publish the build of run {earlier[-1]} again, or " if earlier else ""
    return (
        f"{where} does not say which run published it: it is damaged, this user may not read it, or no "
        f"refresh wrote it. Run {back}support-kpis refresh to write it anew."
    )


def _print_alerts(alerts: Sequence[Alert] | None, console: Console) -> None:
    count = "not built yet" if alerts is None else f"{len(alerts):,}"
    console.print(f"  open alerts: {count}")
    lines = lines_of(alerts or ())
    for line in lines[:_ALERTS_SHOWN]:
        console.print(f"    {line.text}")
    if len(lines) > _ALERTS_SHOWN:
        console.print(f"    and {len(lines) - _ALERTS_SHOWN} more in marts.kpi_alerts, or with --json")


def _run_cells(run: Run) -> tuple[object, ...]:
    message = textwrap.shorten(run.message.splitlines()[0], 100, placeholder=" ...") if run.message else ""
    counts = (run.failures_count, run.rows_published)
    return (run.run_id, run.started_at, run.status, run.as_of, *counts, message)


def _row_counts(connection: Any, names: Sequence[str]) -> dict[str, int]:
    counts = {}
    for name in sorted(names):
        row = connection.execute(f"select count(*) from marts.{name}").fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _words(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} days"
