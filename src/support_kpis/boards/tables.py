"""Charts of the boards that are read like a table: rows, scorecards, members, and cells of colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from support_kpis.boards.charts import times, where
from support_kpis.boards.parts import Chart, Dataset, kpis
from support_kpis.boards.scores import LATEST


def table(
    name: str,
    title: str,
    dataset: Dataset,
    columns: Sequence[str],
    *,
    order: Sequence[tuple[str, bool]] = (),
    formats: Mapping[str, str] | None = None,
    filters_of_chart: Sequence[dict[str, Any]] = (),
    rows: int = 200,
    bars_in: Sequence[str] = (),
    **more: Any,
) -> Chart:
    """Rows as they are.

    Args:
        name: of the chart.
        title: what a row is.
        dataset: what is read.
        columns: in order.
        order: columns to sort by, each with whether upwards.
        formats: d3 formats of numbers.
        filters_of_chart: rows that stay.
        rows: at most.
        bars_in: number columns with a bar in each cell.
    """
    kinds = {column.name: column.kind for column in dataset.columns}
    config: dict[str, dict[str, Any]] = {}
    for column in columns:
        setting: dict[str, Any] = {}
        if kinds[column] == "number":
            setting = {"d3NumberFormat": (formats or {}).get(column, ",d"), "showCellBars": column in bars_in}
            setting["horizontalAlign"] = "right"
        elif kinds[column] == "date":
            setting = {"d3TimeFormat": "%Y-%m-%d"}
        elif kinds[column] == "time":
            setting = {"d3TimeFormat": "%Y-%m-%d %H:%M"}
        config[column] = setting
    params = {
        "query_mode": "raw",
        "all_columns": list(columns),
        "order_by_cols": [f'["{column}", {"true" if upwards else "false"}]' for column, upwards in order],
        "adhoc_filters": [*filters_of_chart, *times(dataset)],
        "row_limit": rows,
        "server_page_length": 50,
        "page_length": 0,
        "column_config": config,
        "show_cell_bars": bool(bars_in),
        "color_pn": False,
        "table_timestamp_format": "%Y-%m-%d",
        "allow_render_html": False,
    }
    return Chart(name, title, dataset, "table", params, **more)


def totals(
    name: str,
    title: str,
    dataset: Dataset,
    groupby: Sequence[str],
    metrics: Sequence[dict[str, Any]],
    *,
    formats: Mapping[str, str],
    **more: Any,
) -> Chart:
    """Rows added up by columns.

    Args:
        name: of the chart.
        title: what a row is.
        dataset: what is read.
        groupby: the columns of a row.
        metrics: what is added up; the last one sorts, largest first.
        formats: d3 formats by label of the metric, whole numbers by default.
    """
    labels = [str(measured["label"]) for measured in metrics]
    params = {
        "query_mode": "aggregate",
        "groupby": list(groupby),
        "metrics": list(metrics),
        "timeseries_limit_metric": metrics[-1],
        "order_desc": True,
        "adhoc_filters": times(dataset),
        "row_limit": 1000,
        "server_page_length": 50,
        "page_length": 0,
        "column_config": {
            label: {
                "d3NumberFormat": formats.get(label, ",d"),
                "horizontalAlign": "right",
                "showCellBars": False,
            }
            for label in labels
        },
        "show_cell_bars": False,
        "color_pn": False,
        "table_timestamp_format": "%Y-%m-%d",
        "allow_render_html": False,
    }
    return Chart(name, title, dataset, "table", params, **more)


def scorecard(name: str, title: str, keys: Sequence[str], **more: Any) -> Chart:
    """KPIs as a table: value, interval, n, target, change and whether it is real.

    Args:
        name: of the chart.
        title: of the table.
        keys: of the KPIs.
    """
    return table(
        name,
        title,
        LATEST,
        (
            *("kpi_name", "value_text", "interval_text", "sample_size", "target_text", "target_words"),
            *("change_text", "verdict", "period_start", "note"),
        ),
        order=[("kpi_name", True)],
        filters_of_chart=[where("kpi_key", keys)],
        kpi_keys=keys,
        words="The last whole period within the time range against the one before. A change is real if it is more than chance "
        "(5 %, two-sided); counts, medians and percentiles are not judged.",
        **more,
    )


def members_table(
    name: str,
    title: str,
    dataset: Dataset,
    key: str,
    has_target: bool = False,
    **more: Any,
) -> Chart:
    """One KPI for each member of a dimension, with interval, n, target and verdict.

    Args:
        name: of the chart.
        title: with the unit.
        dataset: one of scores.by_member.
        key: of the KPI.
        has_target: whether members may have a target.
    """
    return table(
        name,
        title,
        dataset,
        (
            "member",
            "value",
            "interval_text",
            "sample_size",
            *(("target_words",) if has_target else ()),
            "verdict",
            "note",
        ),
        order=[("value", False)],
        formats={"value": kpis()[key].number_format},
        bars_in=("value",),
        filters_of_chart=[where("kpi_key", [key])],
        kpi_keys=(key,),
        words="The last whole period within the time range.",
        **more,
    )


def heat_map(
    name: str,
    title: str,
    dataset: Dataset,
    x_axis: str,
    y_axis: str,
    value: dict[str, Any],
    *,
    number_format: str,
    scheme: str = "schemeBlues",
    settings: Mapping[str, Any] | None = None,
    **more: Any,
) -> Chart:
    """Cells of colour by two columns.

    Args:
        name: of the chart.
        title: with the unit.
        dataset: what is read.
        x_axis: column from left to right.
        y_axis: column from top to bottom.
        value: metric of the colour.
        number_format: d3 format of the values.
        scheme: Superset's name of the colours.
        settings: further settings.
    """
    params = {
        "x_axis": x_axis,
        "time_grain_sqla": None,
        "groupby": y_axis,
        "metric": value,
        "adhoc_filters": times(dataset),
        "row_limit": 10000,
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_desc",
        "normalize_across": "heatmap",
        "linear_color_scheme": scheme,
        "left_margin": "auto",
        "bottom_margin": 40,
        "value_bounds": [None, None],
        "y_axis_format": number_format,
        "x_axis_time_format": "%Y-%m",
        "show_legend": True,
        "show_percentage": False,
        "show_values": False,
        "border_width": 0.5,
        "xscale_interval": -1,
        "yscale_interval": -1,
        **(settings or {}),
    }
    return Chart(name, title, dataset, "heatmap_v2", params, **more)
