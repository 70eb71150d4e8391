"""The open alerts of a published build, and which of them are new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

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

    def as_json(self) -> dict[str, Any]:
        """The alert with dates as ISO text."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.__dict__.items()
        }


def open_alerts(connection: duckdb.DuckDBPyConnection) -> list[Alert] | None:
    """The open alerts of a published file, the worst and latest first; None where it has no alerts table.

    Args:
        connection: to the file.
    """
    try:
        rows = connection.execute(_OPEN_ALERTS).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return [Alert(*row) for row in rows]


def new_alerts(candidate: Path, published: Path) -> list[Alert]:
    """The open alerts of a build that the one published before it did not have.

    Args:
        candidate: the new file.
        published: the file that it is about to replace; it need not exist.
    """
    known: set[str] = set()
    if published.is_file():
        with duckdb.connect(str(published), read_only=True) as connection:
            known = {alert.kpi_alert_id for alert in open_alerts(connection) or []}
    with duckdb.connect(str(candidate), read_only=True) as connection:
        return [alert for alert in open_alerts(connection) or [] if alert.kpi_alert_id not in known]
