"""The open alerts of a published build, and which of them are new."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from support_kpis.engines import Engine
from support_kpis.errors import WrongUse

_OPEN_ALERTS = """
    select
        kpi_alert_id, severity, kind, kpi_key, period_grain, period_start, dimension, member_id,
        since_on, message
    from marts.kpi_alerts
    where is_open
    order by
        case severity when 'critical' then 0 else 1 end,
        period_start desc, period_grain, kpi_key, dimension, member_id, kind
"""


@dataclass(frozen=True)
class Alert:
    """One open alert.

    Args:
        kpi_alert_id: the same in every build that finds it.
        severity: critical or warning.
        kind: spike, drop, creep, stale or target_missed.
        kpi_key: the KPI.
        period_grain: day or week.
        period_start: first local day of the period.
        dimension: what the KPI is cut by.
        member_id: which member of it.
        since_on: first day of the unbroken run of it.
        message: the alert in a sentence.
    """

    kpi_alert_id: str
    severity: str
    kind: str
    kpi_key: str
    period_grain: str
    period_start: date
    dimension: str
    member_id: str
    since_on: date
    message: str

    @property
    def matter(self) -> tuple[str | date, ...]:
        """What it is about: the same in every period of an unbroken run."""
        return (
            self.kpi_key,
            self.period_grain,
            self.dimension,
            self.member_id,
            self.kind,
            self.since_on,
        )

    def as_json(self) -> dict[str, Any]:
        """The alert with dates as ISO text."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.__dict__.items()
        }


@dataclass(frozen=True)
class Line:
    """What is told in one line: an alert, and how many others say the same.

    Args:
        alert: the first of them.
        others: further KPIs of the same member that are silent too.
    """

    alert: Alert
    others: int = 0

    @property
    def text(self) -> str:
        """The line for a reader."""
        if not self.others:
            return f"{self.alert.severity}: {self.alert.message}"
        more = "1 more KPI is" if self.others == 1 else f"{self.others} more KPIs are"
        return f"{self.alert.severity}: {self.alert.message} {more} as silent there."


def lines_of(alerts: Sequence[Alert]) -> list[Line]:
    """Alerts as lines, in their order; a member that fell silent is told once, however many KPIs show it.

    Args:
        alerts: as open_alerts gives them.
    """
    silent: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts:
        if alert.kind == "stale":
            silent.setdefault((alert.dimension, alert.member_id), []).append(alert)
    lines = []
    for alert in alerts:
        if alert.kind != "stale":
            lines.append(Line(alert))
            continue
        same = silent[alert.dimension, alert.member_id]
        if same[0] is alert:
            lines.append(Line(alert, len({each.kpi_key for each in same}) - 1))
    return lines


def open_alerts(reader: Any, errors: tuple[type[Exception], ...] = (duckdb.Error,)) -> list[Alert] | None:
    """The open alerts of a published build, the worst and latest first; None where it has no alerts table.

    Args:
        reader: asks the build.
        errors: what it raises where there is no such table.
    """
    try:
        rows = reader.execute(_OPEN_ALERTS).fetchall()
    except errors:
        return None
    return [Alert(*row) for row in rows]


def new_alerts(engine: Engine, run_id: str) -> list[Alert]:
    """The open alerts of a candidate whose matter was not open, or not critical, in the build before it.

    Args:
        engine: where the two builds are.
        run_id: the run of the candidate.
    """
    known: dict[tuple[str | date, ...], str] = {}
    if engine.is_published():
        # A published build that is damaged tells nothing, and the refresh is about to replace it.
        with suppress(WrongUse), engine.reading_published() as reader:
            known = {alert.matter: alert.severity for alert in open_alerts(reader, engine.errors) or []}
    with engine.reading_candidate(run_id) as reader:
        found = open_alerts(reader, engine.errors) or []
    return [alert for alert in found if known.get(alert.matter) not in (alert.severity, "critical")]
