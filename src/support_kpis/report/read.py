"""What the report shows, selected from the published marts; the selections are the files in sql/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from support_kpis.alerts import Alert, open_alerts
from support_kpis.engine_words import without_values
from support_kpis.engines import Engine, engine_for
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse

Row = Mapping[str, Any]

_LOOKS = 3


@dataclass(frozen=True)
class Contents:
    """All that the page shows, as the marts say it.

    Args:
        edition: run_id, as_of and published_at of the published build, and its target.
        period: the length of period asked for: day, week, month, quarter or year.
        current: first day of the latest whole period of that length, of the one that goes on where none is
            whole yet, None where there is none at all.
        catalog: every KPI, the headlines first.
        periods: length to its last periods, the earliest first: period_start and is_complete_period.
        history: KPI to its last periods, the earliest first.
        alerts: open alerts, the worst first.
        drivers: the members that moved KPIs, in order.
        backlog, ages, teams, promises: what waits.
        freshness, reconciliation, quarantine, exclusions, runs: how well the data are.
    """

    edition: Row
    period: str
    current: date | None
    catalog: Sequence[Row]
    periods: Mapping[str, Sequence[Row]]
    history: Mapping[str, Sequence[Row]]
    alerts: Sequence[Alert]
    drivers: Sequence[Row]
    backlog: Sequence[Row]
    ages: Sequence[Row]
    teams: Sequence[Row]
    promises: Sequence[Row]
    freshness: Sequence[Row]
    reconciliation: Sequence[Row]
    quarantine: Sequence[Row]
    exclusions: Sequence[Row]
    runs: Sequence[Row]


def read_contents(warehouse: Warehouse, period: str, target: str = "dev") -> Contents:
    """Read everything that the page shows from one published build.

    Args:
        warehouse: where it is published.
        period: day, week, month, quarter or year.
        target: the dbt target whose marts are published.

    Raises:
        WrongUse: nothing is published, it cannot be read, or it is of an older version of the project.
    """
    engine = engine_for(target, warehouse)
    with engine.reading_published() as reader:
        for _ in range(_LOOKS):
            try:
                contents = _read(reader, engine, period)
                again = _edition(reader)
            except engine.errors as error:
                raise WrongUse(
                    f"{engine.where} lacks what the report shows ({without_values(error)[:200]}): refresh "
                    "with the present version of the project."
                ) from None
            # On a server, a refresh may have published between two of the questions.
            if again["run_id"] == contents.edition["run_id"]:
                return contents
    raise WrongUse(f"{engine.where} was published anew while the report was made: make it again.")


def _read(reader: Any, engine: Engine, period: str) -> Contents:
    edition = _edition(reader)
    as_of: datetime | None = edition["as_of"]
    periods = _grouped(_rows(reader, "periods"), "period_grain")
    current = _current(periods.get(period, ()))
    drivers = _rows(reader, "drivers", period, current) if current else []
    waiting = as_of is not None
    return Contents(
        edition=edition,
        period=period,
        current=current,
        catalog=_rows(reader, "catalog"),
        periods=periods,
        history=_grouped(_rows(reader, "history", period), "kpi_key"),
        alerts=open_alerts(reader, engine.errors) or [],
        drivers=drivers,
        backlog=_rows(reader, "backlog"),
        ages=_rows(reader, "ages", *[as_of] * 4) if waiting else [],
        teams=_rows(reader, "teams"),
        promises=_rows(reader, "promises", as_of) if waiting else [],
        freshness=_rows(reader, "freshness"),
        reconciliation=_rows(reader, "reconciliation"),
        quarantine=_rows(reader, "quarantine", edition["run_id"]),
        exclusions=_rows(reader, "exclusions"),
        runs=_rows(reader, "runs"),
    )


def _edition(reader: Any) -> Row:
    found = _rows(reader, "edition")
    return found[0] if found else {"run_id": None, "as_of": None, "published_at": None, "target": None}


def _current(periods: Sequence[Row]) -> date | None:
    whole = [row["period_start"] for row in periods if row["is_complete_period"]]
    return max(whole or [row["period_start"] for row in periods], default=None)


def _rows(reader: Any, name: str, *parameters: object) -> list[Row]:
    cursor = reader.execute(selection(name), list(parameters))
    names = [str(column[0]) for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(rows: Sequence[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[key]), []).append(row)
    return groups


@cache
def selection(name: str) -> str:
    """One of the selections, without its comments: a question mark in them is no parameter.

    Args:
        name: of the file in sql/, without its ending.
    """
    text = files("support_kpis.report").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
