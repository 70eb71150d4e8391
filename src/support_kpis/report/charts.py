"""The charts of the report: Vega-Lite drawn as SVG, by a library that needs no browser and no network.

Every chart has words beside it: the page puts a label, and a table of the same figures, at each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from support_kpis.report.words import short_day

Row = Mapping[str, Any]

BLUE, BAND, GREY, TARGET = "#1d5fa6", "#c7dbf1", "#5b6675", "#8a4708"
SECOND = "#b3590a"
AGES = ("#7a1f5c", "#b3590a", "#1d5fa6", "#7e93ab", "#b9c2cc")
_CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "transparent",
    "font": "Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "#39434f",
        "titleColor": "#39434f",
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "gridColor": "#e3e7ec",
        "domainColor": "#8b96a3",
        "tickColor": "#8b96a3",
    },
    "legend": {"labelColor": "#39434f", "labelFontSize": 11, "title": None, "orient": "top"},
    "header": {"labelColor": "#39434f", "labelFontSize": 11},
}


def draw(spec: Mapping[str, Any], label: str) -> Markup:
    """Draw a chart.

    Args:
        spec: Vega-Lite, without what all charts share.
        label: what it shows, in words, for those who do not see it.

    Returns:
        One svg element for a page, as wide as it is given room, at most.
    """
    import vl_convert  # half a second, which only who draws should pay

    drawn = vl_convert.vegalite_to_svg(json.dumps({**spec, "config": _CONFIG}), allowed_base_urls=[])
    head, body = str(drawn).strip().removesuffix("</svg>").split(">", 1)
    size = head.split(' width="', 1)[1]
    # The label stands for the whole; the roles that the library gives to its parts would be read out empty.
    # Names in a chart were escaped by whoever drew it; a test holds that.
    opening = Markup('<svg role="img" aria-label="{}" width="{}><g aria-hidden="true">')
    return opening.format(label, Markup(size)) + Markup(body) + Markup("</g></svg>")


def sparkline(points: Sequence[Row], label: str) -> Markup:
    """The course of one KPI: line, band of its 95 % interval, dashed target, a hollow point where it goes on.

    Args:
        points: label, value, low, high, target and is_whole of each period, the earliest first; None where
            there is none.
        label: what it shows, in words.
    """
    order = [point["label"] for point in points]
    across = {"field": "label", "type": "ordinal", "scale": {"domain": order}, "axis": None}
    up = {"type": "quantitative", "scale": {"zero": False, "nice": False}, "axis": None}
    rows = [dict(point) for point in points]
    last = next((point["label"] for point in reversed(points) if point["is_whole"]), None)
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "area", "color": BAND},
            "encoding": {"x": across, "y": {"field": "low", **up}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.6},
            "encoding": {"x": across, "y": {"field": "value", **up}},
        },
        {
            "mark": {"type": "point", "color": BLUE, "filled": True, "opacity": 1, "size": 7},
            "encoding": {"x": across, "y": {"field": "value", **up}},
        },
        {
            "transform": [{"filter": {"field": "is_whole", "equal": False}}],
            "mark": {"type": "point", "stroke": BLUE, "fill": "#ffffff", "opacity": 1, "size": 30},
            "encoding": {"x": across, "y": {"field": "value", **up}},
        },
        {
            "transform": [{"filter": {"field": "label", "equal": last}}],
            "mark": {"type": "point", "color": BLUE, "filled": True, "opacity": 1, "size": 34},
            "encoding": {"x": across, "y": {"field": "value", **up}},
        },
    ]
    if any(point["target"] is not None for point in points):
        layers.append(
            {
                "mark": {"type": "line", "color": TARGET, "strokeDash": [4, 3], "strokeWidth": 1.2},
                "encoding": {"x": across, "y": {"field": "target", **up}},
            }
        )
    return draw({"width": 232, "height": 46, "padding": 5, "data": {"values": rows}, "layer": layers}, label)


def daily_line(days: Sequence[Row], label: str) -> Markup:
    """A count at the end of each day.

    Args:
        days: date_day and open_count, the earliest first.
        label: what it shows, in words.
    """
    rows = [{"day": short_day(day["date_day"]), "count": day["open_count"]} for day in days]
    shown = [row["day"] for row in rows][:: max(len(rows) // 6, 1)]
    spec = {
        "width": 460,
        "height": 170,
        "data": {"values": rows},
        "mark": {"type": "area", "color": BAND, "line": {"color": BLUE, "strokeWidth": 1.6}},
        "encoding": {
            "x": {
                "field": "day",
                "type": "ordinal",
                "scale": {"type": "point", "domain": [row["day"] for row in rows]},
                "axis": {"title": None, "values": shown, "labelAngle": 0},
            },
            "y": {
                "field": "count",
                "type": "quantitative",
                "axis": {"title": "open tickets", "tickCount": 5},
            },
        },
    }
    return draw(spec, label)


def in_and_out(periods: Sequence[Row], label: str) -> Markup:
    """Two counts a period, side by side; pale where the period is not over.

    Args:
        periods: label, what (created or resolved), value and is_whole, the earliest first.
        label: what it shows, in words.
    """
    order = list(dict.fromkeys(str(period["label"]) for period in periods))
    shown = order[:: max(len(order) // 6, 1)]
    spec = {
        "width": 460,
        "height": 170,
        "data": {"values": [dict(period) for period in periods]},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "label",
                "type": "ordinal",
                "scale": {"domain": order},
                "axis": {"title": None, "values": shown, "labelAngle": 0},
            },
            "xOffset": {"field": "what"},
            "y": {"field": "value", "type": "quantitative", "axis": {"title": "tickets", "tickCount": 5}},
            "color": {
                "field": "what",
                "scale": {"domain": ["created", "resolved"], "range": [SECOND, BLUE]},
            },
            "opacity": {"condition": {"test": "datum.is_whole", "value": 1}, "value": 0.45},
        },
    }
    return draw(spec, label)


def stacked_ages(ages: Sequence[Row], label: str) -> Markup:
    """Open tickets by age, stacked by priority.

    Args:
        ages: age, age_rank, priority and open_count.
        label: what it shows, in words.
    """
    order = list(dict.fromkeys(row["age"] for row in sorted(ages, key=lambda row: int(row["age_rank"]))))
    waiting = [row for row in ages if row["open_count"]]
    found = {str(row["priority"]) for row in waiting}
    known = [name for name in ("urgent", "high", "normal", "low") if name in found]
    others = sorted(found - set(known))
    colours = dict(zip(("urgent", "high", "normal", "low"), AGES, strict=False))
    rows = [{**row, "place": [*known, *others].index(row["priority"])} for row in waiting]
    spec = {
        "width": 400,
        "height": 170,
        "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {
                "field": "age",
                "type": "ordinal",
                "scale": {"domain": order},
                "axis": {"title": None},
            },
            "x": {
                "field": "open_count",
                "type": "quantitative",
                "axis": {"title": "open tickets", "tickCount": 5, "format": ",.0f"},
            },
            "order": {"field": "place", "type": "quantitative"},
            "color": {
                "field": "priority",
                "scale": {
                    "domain": [*known, *others],
                    "range": [colours.get(name, AGES[-1]) for name in [*known, *others]],
                },
            },
        },
    }
    return draw(spec, label)


def parts(members: Sequence[Row], unit: str, label: str) -> Markup:
    """What members brought to a change, as bars to the left and right of nothing.

    Args:
        members: label and part (in the unit of the axis) of each, in order; labels are unlike each other.
        unit: of the axis, in words.
        label: what it shows, in words.
    """
    spec = {
        "width": 300,
        "height": {"step": 20},
        "data": {"values": [dict(member) for member in members]},
        "layer": [
            {
                "mark": {"type": "bar", "height": 13},
                "encoding": {
                    "y": {
                        "field": "label",
                        "type": "nominal",
                        "scale": {"domain": [member["label"] for member in members]},
                        "axis": {"title": None, "labelLimit": 220, "ticks": False, "domain": False},
                    },
                    "x": {
                        "field": "part",
                        "type": "quantitative",
                        "axis": {"title": unit, "tickCount": 4, "format": "+,.3~f"},
                    },
                    "color": {"condition": {"test": "datum.part > 0", "value": BLUE}, "value": SECOND},
                },
            },
            {"mark": {"type": "rule", "color": GREY}, "encoding": {"x": {"datum": 0}}},
        ],
    }
    return draw(spec, label)
