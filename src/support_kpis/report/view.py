"""The contents of the report, put in the order in which the page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup

from support_kpis.pages import AREAS
from support_kpis.report import charts, words
from support_kpis.report.read import Contents, Row

ALERTS_SHOWN = 20


@dataclass(frozen=True)
class Kpi:
    """One KPI as the page shows it.

    Args:
        about: its row of the catalogue.
        grain: the length of its periods; None where it has no figure at all.
        now: its figure in the latest whole period, else in the one that goes on; None where it has none.
        going_on: its figure in the period that goes on; None where it has none, or is what now holds.
        points: its last periods, the earliest first; figures without one are None.
        last_known: its figure in the last whole period in which it has a value, however long ago.
        chart: its sparkline; None where there is nothing to draw.
    """

    about: Row
    grain: str | None = None
    now: Row | None = None
    going_on: Row | None = None
    points: Sequence[Row] = ()
    last_known: Row | None = None
    chart: Markup | None = None

    @property
    def unit(self) -> str:
        """Its unit, as the catalogue says it."""
        return str(self.about["unit"])


@dataclass(frozen=True)
class Moved:
    """One KPI that moved, and who moved it.

    Args:
        about: kpi_name, unit, whole_rate, previous_whole_rate, total_change and is_real.
        members: what each member brought, in order.
        chart: the parts as bars.
    """

    about: Row
    members: Sequence[Row]
    chart: Markup


@dataclass(frozen=True)
class View:
    """All that the template is given besides the contents."""

    headlines: Sequence[Kpi]
    areas: Sequence[tuple[str, Sequence[Kpi]]]
    unavailable: Sequence[Row]
    moved: Sequence[Moved]
    tested: int
    really_changed: Sequence[Kpi]
    targets: Mapping[str, int]
    open_count: int | None
    oldest: str
    charts: Mapping[str, Markup | None]
    flow: Sequence[Row] = field(default_factory=tuple)


def arrange(contents: Contents) -> View:
    """Put what was read in the order of the page, and draw it.

    Args:
        contents: as read from the marts.
    """
    kpis = [_kpi(row, contents) for row in contents.catalog]
    shown = [kpi for kpi in kpis if kpi.about["is_available"]]
    tested = [kpi for kpi in shown if kpi.now and kpi.now["is_significant_change"] is not None]
    statuses = [kpi.now["target_status"] for kpi in shown if kpi.now and kpi.now["target_status"]]
    flow = _flow(contents)
    headlines = [kpi for kpi in kpis if kpi.about["headline_rank"] is not None]
    return View(
        # In their order, but what the input does not carry goes last.
        headlines=sorted(headlines, key=lambda kpi: not kpi.about["is_available"]),
        areas=[
            (AREAS.get(area, area), list(group))
            for area, group in groupby(sorted(shown, key=_place), key=lambda kpi: str(kpi.about["area"]))
        ],
        unavailable=[kpi.about for kpi in kpis if not kpi.about["is_available"]],
        moved=list(_moved(contents.drivers)),
        tested=len(tested),
        really_changed=[kpi for kpi in tested if kpi.now and kpi.now["is_significant_change"]],
        targets={status: statuses.count(status) for status in ("met", "missed")},
        open_count=sum(int(row["open_count"]) for row in contents.ages) if contents.ages else None,
        oldest=next((str(row["age"]) for row in reversed(contents.ages) if row["open_count"]), ""),
        charts={**dict.fromkeys(("backlog", "flow", "ages")), **dict(_charts(contents, flow))},
        flow=flow,
    )


def _place(kpi: Kpi) -> tuple[int, str]:
    area = str(kpi.about["area"])
    return (list(AREAS).index(area) if area in AREAS else len(AREAS), area)


def _kpi(about: Row, contents: Contents) -> Kpi:
    rows = contents.history.get(str(about["kpi_key"]), [])
    if not rows:
        return Kpi(about)
    grain = str(rows[0]["period_grain"])
    by_start = {row["period_start"]: row for row in rows}
    periods = contents.periods.get(grain, [])
    points: list[dict[str, Any]] = [
        {
            "label": words.short_period(grain, period["period_start"]),
            "period": words.period(grain, period["period_start"]),
            "is_whole": bool(period["is_complete_period"]),
            "row": by_start.get(period["period_start"]),
            **_ends(by_start.get(period["period_start"])),
        }
        for period in periods
    ]
    whole = [point for point in points if point["is_whole"]]
    going = [point["row"] for point in points if not point["is_whole"] and point["row"]]
    now = whole[-1]["row"] if whole else (going[-1] if going else None)
    known = [row for row in rows if row["is_complete_period"] and row["value"] is not None]
    kpi = Kpi(
        about,
        grain,
        now,
        going[-1] if going and going[-1] is not now else None,
        points,
        known[-1] if known else None,
    )
    if about["headline_rank"] is None or not any(point["value"] is not None for point in points):
        return kpi
    plain = [
        {name: point[name] for name in ("label", "value", "low", "high", "target", "is_whole")}
        for point in points
    ]
    # A period without a figure has no target of its own; the line of the target goes on.
    for this, after in reversed(list(pairwise(plain))):
        this["target"] = after["target"] if this["target"] is None else this["target"]
    for before, this in pairwise(plain):
        this["target"] = before["target"] if this["target"] is None else this["target"]
    return replace(kpi, chart=charts.sparkline(plain, _course(kpi)))


def _ends(row: Row | None) -> dict[str, float | None]:
    if row is None:
        return {"value": None, "low": None, "high": None, "target": None}
    return {
        "value": row["value"],
        "low": row["interval_low"],
        "high": row["interval_high"],
        "target": row["target_value"],
    }


def _course(kpi: Kpi) -> str:
    known = [point for point in kpi.points if point["value"] is not None]
    values = [float(point["value"]) for point in known]
    name, unit = kpi.about["kpi_name"], kpi.unit
    return (
        f"{name} from {known[0]['label']} to {known[-1]['label']}: first {words.figure(values[0], unit)}, "
        f"last {words.figure(values[-1], unit)}, lowest {words.figure(min(values), unit)}, "
        f"highest {words.figure(max(values), unit)}"
    )


def _moved(drivers: Sequence[Row]) -> Iterator[Moved]:
    for _, group in groupby(drivers, key=lambda row: row["nth"]):
        members = list(group)
        about = members[0]
        greatest = max(abs(float(member["total_part"])) for member in members)
        factor, unit = words.axis(str(about["unit"]), greatest)
        bars = [
            {
                "label": f"{member['dimension']}: {member['member_name']}",
                "part": member["total_part"] * factor,
            }
            for member in members
        ]
        label = f"What members brought to the change of {about['kpi_name']}; the table below says the same"
        yield Moved(about, members, charts.parts(_told_apart(bars), unit, label))


def _told_apart(bars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Members of one name get a number, or they would share a bar."""
    seen: dict[str, int] = {}
    told = []
    for bar in bars:
        count = seen[bar["label"]] = seen.get(bar["label"], 0) + 1
        told.append(bar if count == 1 else {**bar, "label": f"{bar['label']} ({count})"})
    return told


def _flow(contents: Contents) -> list[Row]:
    """Created and resolved tickets, period by period."""
    counts = {
        key: {row["period_start"]: row["value"] for row in contents.history.get(key, ())}
        for key in ("tickets_created", "tickets_resolved")
    }
    return [
        {
            "label": words.short_period(contents.period, period["period_start"]),
            "period_start": period["period_start"],
            "is_whole": period["is_complete_period"],
            "created": counts["tickets_created"].get(period["period_start"]),
            "resolved": counts["tickets_resolved"].get(period["period_start"]),
        }
        for period in contents.periods.get(contents.period, ())
    ]


def _charts(contents: Contents, flow: Sequence[Row]) -> Iterator[tuple[str, Markup]]:
    if contents.backlog:
        days = contents.backlog
        yield (
            "backlog",
            charts.daily_line(
                days,
                f"Open tickets at the end of each day from {words.long_day(days[0]['date_day'])} "
                f"({days[0]['open_count']}) to {words.long_day(days[-1]['date_day'])} "
                f"({days[-1]['open_count']})",
            ),
        )
    if any(row["created"] or row["resolved"] for row in flow):
        bars = [
            {"label": row["label"], "what": what, "value": row[what], "is_whole": row["is_whole"]}
            for row in flow
            for what in ("created", "resolved")
        ]
        yield "flow", charts.in_and_out(bars, f"Tickets created and resolved by {contents.period}")
    if any(row["open_count"] for row in contents.ages):
        yield "ages", charts.stacked_ages(contents.ages, "Open tickets by age and priority")
