"""The scorecard in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console

from support_kpis.console import table
from support_kpis.engines import engine_for
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse

PERIODS = ("day", "week", "month", "quarter", "year")
DIMENSIONS = ("all", "business_unit", "team", "agent", "channel", "priority", "topic", "segment")

_SCORES = """
    with chosen as (
        select scorecard.*, catalog.kpi_name, catalog.unit
        from marts.kpi_scorecard as scorecard
        inner join marts.kpi_catalog as catalog on scorecard.kpi_key = catalog.kpi_key
        where
            scorecard.period_grain = '{period}'
            and scorecard.dimension = '{dimension}'
            and scorecard.kpi_key in ({keys})
    ),

    ranked as (
        select *, dense_rank() over (order by period_start desc) as nth
        from chosen
        where is_complete_period or {incomplete}
    )

    select
        kpi_key, kpi_name, unit, period_start, member_id, member_name, value, sample_size,
        interval_low, interval_high, is_small_sample, is_suppressed, is_complete_period
    from ranked
    where nth <= {last}
    order by kpi_key, period_start desc, member_name nulls last, member_id
"""


@dataclass(frozen=True)
class Score:
    """One figure of the scorecard.

    Args:
        kpi_key: which KPI.
        kpi_name: its name.
        unit: count, share, minutes, ratio, points or money.
        period_start: first local day of the period.
        member_id: member of the dimension, all for the whole.
        member_name: its name.
        value: in the unit; None if hidden or not known.
        sample_size: how many observations it rests on.
        interval_low: lower end of the 95 % interval, None if it has none.
        interval_high: upper end.
        is_small_sample: whether n is below 30.
        is_suppressed: whether the value is hidden for privacy.
        is_complete_period: whether the period had ended by as_of.
    """

    kpi_key: str
    kpi_name: str
    unit: str
    period_start: date
    member_id: str
    member_name: str | None
    value: float | None
    sample_size: int | None
    interval_low: float | None
    interval_high: float | None
    is_small_sample: bool | None
    is_suppressed: bool | None
    is_complete_period: bool | None

    def as_json(self) -> dict[str, Any]:
        """The figure as JSON can hold it."""
        return {**self.__dict__, "period_start": self.period_start.isoformat()}


def read_scores(
    warehouse: Warehouse,
    period: str,
    dimension: str,
    keys: Sequence[str],
    last: int,
    incomplete: bool,
    target: str = "dev",
) -> list[Score]:
    """Read figures of the published scorecard.

    Args:
        warehouse: where it is published.
        period: day, week, month, quarter or year.
        dimension: all, business_unit, team and so on.
        keys: the KPIs; all if empty.
        last: how many of the latest periods.
        incomplete: whether the period that goes on at as_of counts as one.
        target: the dbt target whose marts are published.

    Raises:
        WrongUse: nothing is published, or a word is none that the scorecard knows.
    """
    _one_of("--period", period, PERIODS)
    _one_of("--dimension", dimension, DIMENSIONS)
    engine = engine_for(target, warehouse)
    with engine.reading_published() as connection:
        try:
            known = [
                str(row[0])
                for row in connection.execute(
                    "select kpi_key from marts.kpi_catalog order by kpi_key"
                ).fetchall()
            ]
            for key in keys:
                _one_of("--kpi", key, known)
            # Every word is one of a list that was checked.
            query = _SCORES.format(
                period=period,
                dimension=dimension,
                keys=", ".join(f"'{key}'" for key in keys or known) or "''",
                last=int(last),
                incomplete=str(incomplete).lower(),
            )
            rows = connection.execute(query).fetchall()
        except engine.errors:
            raise WrongUse(
                "The published marts hold no scorecard: refresh with the present version of the project."
            ) from None
    return [Score(*row) for row in rows]


def print_scores(scores: Sequence[Score], period: str, dimension: str, console: Console) -> None:
    """Write figures for a reader.

    Args:
        scores: what to write.
        period: the period asked for.
        dimension: the dimension asked for.
        console: where.
    """
    if not scores:
        console.print(
            f"The scorecard holds no figure for a complete {period} by {dimension}: try --incomplete."
        )
        return
    rows = [
        (
            score.kpi_name,
            f"{score.period_start}{'' if score.is_complete_period else ' *'}",
            score.member_name or score.member_id,
            "hidden" if score.is_suppressed else with_unit(score.value, score.unit),
            f"{score.sample_size or 0:,}{' (small)' if score.is_small_sample else ''}",
            _interval(score),
        )
        for score in scores
    ]
    console.print(table("", ("KPI", period, dimension, "value", "n", "95 % interval"), rows, right=(3, 4, 5)))
    if any(not score.is_complete_period for score in scores):
        console.print("* the period had not ended by as_of")


def with_unit(value: float | None, unit: str) -> str:
    """A value as a person reads it.

    Args:
        value: in the unit; None if not known.
        unit: as the catalogue says it.
    """
    if value is None:
        return "-"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "count":
        return f"{value:,.0f}"
    if unit == "minutes":
        return f"{value:,.1f} min"
    if unit.startswith("points"):
        return f"{value:.2f}"
    return f"{value:,.2f}"


def _interval(score: Score) -> str:
    if score.interval_low is None or score.interval_high is None or score.is_suppressed:
        return ""
    return f"{with_unit(score.interval_low, score.unit)} to {with_unit(score.interval_high, score.unit)}"


def _one_of(option: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        raise WrongUse(f"{option} '{word}' is not known: use one of {', '.join(known)}.")
