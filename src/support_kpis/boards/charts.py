"""The kinds of chart that the boards use, each with the settings that make it read well at 1280 pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from support_kpis.boards.parts import Chart, Dataset, kpis
from support_kpis.boards.scores import SCORES

# The sign sorts it last, so that it is drawn on top.
MARK = "* "
DOUBTFUL = MARK + "n < 30 or period not over"


def metric(label: str, sql: str) -> dict[str, Any]:
    """A metric said in SQL.

    Args:
        label: what people read.
        sql: an aggregate of columns of the dataset.
    """
    return {
        "expressionType": "SQL",
        "sqlExpression": sql,
        "label": label,
        "hasCustomLabel": True,
        "optionName": f"metric_{label.lower().replace(' ', '_')}",
    }


def where(column: str, values: Sequence[str]) -> dict[str, Any]:
    """A filter of the chart itself.

    Args:
        column: of the dataset.
        values: those that stay.
    """
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": column,
        "operator": "IN",
        "comparator": list(values),
    }


def times(dataset: Dataset) -> list[dict[str, Any]]:
    """The time range of the board, for a dataset that has a time."""
    column = dataset.time_column
    if column is None:
        return []
    return [
        {
            "clause": "WHERE",
            "expressionType": "SIMPLE",
            "subject": column,
            "operator": "TEMPORAL_RANGE",
            "comparator": "No filter",
        }
    ]


def tile(name: str, key: str, title: str = "", width: int = 3, **more: Any) -> Chart:
    """A KPI as one large number over its course; the number is that of the latest period, however short.

    Args:
        name: of the chart.
        key: of the KPI.
        title: its title, the KPI's name and unit by default.
        width: in twelfths.
    """
    kpi = kpis()[key]
    return Chart(
        name,
        title or f"{kpi.kpi_name} ({kpi.unit_words})",
        SCORES,
        "big_number",
        {
            "metric": metric(kpi.kpi_name, "max(case when is_complete_period then value end)"),
            "x_axis": "period_start",
            "time_grain_sqla": None,
            "adhoc_filters": [where("kpi_key", [key]), whole_periods(), *times(SCORES)],
            "show_trend_line": True,
            "start_y_axis_at_zero": False,
            "y_axis_format": kpi.number_format,
            "time_format": "%Y-%m-%d",
            "show_timestamp": False,
            "header_font_size": 0.5,
            "subheader_font_size": 0.125,
            "color_picker": {"r": 32, "g": 100, "b": 160, "a": 1},
            "rolling_type": "None",
        },
        (key,),
        "The last whole period within the time range, and its course.",
        width,
        20,
        **more,
    )


def whole_periods() -> dict[str, Any]:
    """The filter that leaves out the period that is not over."""
    return {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": "is_complete_period"}


def trend(
    name: str,
    key: str,
    title: str = "",
    width: int = 6,
    has_band: bool = True,
    has_target: bool = True,
    **more: Any,
) -> Chart:
    """The course of one KPI with its 95 % interval, its target, and a mark on what is in doubt.

    Args:
        name: of the chart.
        key: of the KPI.
        title: its title, the KPI's name and unit by default.
        width: in twelfths.
        has_band: whether the KPI has an interval.
        has_target: whether it may have a target.
    """
    kpi = kpis()[key]
    # Superset draws a band where a metric has companions of these names: a line, and the bounds around it.
    bounds = [
        metric("Value__yhat", "max(value)"),
        metric("Value__yhat_lower", "max(interval_low)"),
        metric("Value__yhat_upper", "max(interval_high)"),
    ]
    return Chart(
        name,
        title or f"{kpi.kpi_name} ({kpi.unit_words})" + (", with 95 % interval" if has_band else ""),
        SCORES,
        "echarts_timeseries_line",
        {
            **_course(kpi.number_format),
            "metrics": [
                metric("Value", "max(value)"),
                *(bounds if has_band else []),
                *([metric("Target", "max(target_value)")] if has_target else []),
                metric(DOUBTFUL, "max(doubtful_value)"),
            ],
            "groupby": [],
            "adhoc_filters": [where("kpi_key", [key]), *times(SCORES)],
        },
        (key,),
        "Orange (*) are small samples (n < 30) and periods that are not over yet."
        + (" The band is the 95 % interval." if has_band else ""),
        width,
        **more,
    )


def trends(
    name: str, keys: Mapping[str, str], title: str, width: int = 6, number_format: str = "", **more: Any
) -> Chart:
    """The courses of several KPIs of one unit.

    Args:
        name: of the chart.
        keys: of the KPIs, each with the short name of its line.
        title: with the unit.
        width: in twelfths.
        number_format: d3 format, that of the first KPI by default.
    """
    return Chart(
        name,
        title,
        SCORES,
        "echarts_timeseries_line",
        {
            **_course(number_format or kpis()[next(iter(keys))].number_format),
            "metrics": [
                *(
                    metric(label, f"max(case when kpi_key = '{key}' then value end)")
                    for key, label in keys.items()
                ),
                *(
                    metric(f"{MARK}{label}", f"max(case when kpi_key = '{key}' then doubtful_value end)")
                    for key, label in keys.items()
                ),
            ],
            "groupby": [],
            "adhoc_filters": [where("kpi_key", list(keys)), *times(SCORES)],
        },
        tuple(keys),
        "Orange (*) are small samples (n < 30) and periods that are not over yet.",
        width,
        **more,
    )


def _course(number_format: str) -> dict[str, Any]:
    return {
        "x_axis": "period_start",
        "time_grain_sqla": None,
        "x_axis_time_format": "%Y-%m-%d",
        "tooltipTimeFormat": "%Y-%m-%d",
        "y_axis_format": number_format,
        "x_axis_title_margin": 0,
        "y_axis_title_margin": 0,
        "markerEnabled": True,
        "markerSize": 6,
        "rich_tooltip": True,
        "show_legend": True,
        "legendOrientation": "top",
        "legendType": "scroll",
        "row_limit": 10000,
        "truncateYAxis": False,
        "y_axis_bounds": [None, None],
        "xAxisLabelRotation": 0,
        "color_scheme": "supersetColors",
        "seriesType": "line",
        "opacity": 0.2,
        "zoomable": False,
        "sort_series_type": "name",
        "sort_series_ascending": False,
    }


def bars(
    name: str,
    title: str,
    dataset: Dataset,
    x_axis: str,
    metrics: Sequence[dict[str, Any]],
    *,
    number_format: str,
    groupby: Sequence[str] = (),
    filters_of_chart: Sequence[dict[str, Any]] = (),
    stacked: bool = False,
    horizontal: bool = False,
    over_time: bool = False,
    settings: Mapping[str, Any] | None = None,
    **more: Any,
) -> Chart:
    """Bars by a column.

    Args:
        name: of the chart.
        title: with the unit.
        dataset: what is read.
        x_axis: the column along which the bars stand.
        metrics: how long they are.
        number_format: d3 format of the lengths.
        groupby: columns that split each bar.
        filters_of_chart: rows that stay.
        stacked: whether the parts of a bar stand on each other.
        horizontal: for long labels.
        over_time: whether the column is a time.
        settings: further settings.
    """
    params = {
        "x_axis": x_axis,
        "time_grain_sqla": None,
        "x_axis_time_format": "%Y-%m-%d",
        "tooltipTimeFormat": "%Y-%m-%d",
        "metrics": list(metrics),
        "groupby": list(groupby),
        "adhoc_filters": [*filters_of_chart, *times(dataset)],
        "y_axis_format": number_format,
        "orientation": "horizontal" if horizontal else "vertical",
        "stack": "Stack" if stacked else None,
        "rich_tooltip": True,
        "show_legend": len(metrics) > 1 or bool(groupby),
        "legendOrientation": "top",
        "legendType": "scroll",
        "row_limit": 10000,
        "x_axis_title_margin": 0,
        "y_axis_title_margin": 0,
        "color_scheme": "supersetColors",
        "sort_series_type": "name",
        "sort_series_ascending": True,
        "xAxisLabelRotation": 0,
        "truncateYAxis": False,
        "y_axis_bounds": [None, None],
        **(
            {}
            if over_time
            else {"x_axis_sort_asc": not horizontal, "x_axis_sort": x_axis, "xAxisLabelInterval": "0"}
        ),
        **(settings or {}),
    }
    return Chart(name, title, dataset, "echarts_timeseries_bar", params, **more)
