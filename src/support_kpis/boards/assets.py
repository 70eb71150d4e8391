"""The Superset assets as YAML files, one an asset, in the form that Superset exports and imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from support_kpis.boards import filters
from support_kpis.boards.charts import MARK
from support_kpis.boards.parts import Board, Chart, Column, Dataset, Heading, uuid_of

VERSION = "1.0.0"
DATABASE = "Support KPIs"
# Only a name: superset_config.py leads every connection to where the marts are.
DATABASE_URI = "duckdb:///support_kpis_marts"

_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "date": "DATE", "time": "TIMESTAMP", "flag": "BOOLEAN"}
_FILTERS: Mapping[str, tuple[str, Dataset, str]] = {
    "period": ("Period", filters.PERIODS, "period_grain"),
    "unit": ("Business unit", filters.UNITS, "business_unit"),
    "team": ("Team", filters.TEAMS, "team"),
    "channel": ("Channel", filters.CHANNELS, "channel"),
    "priority": ("Priority", filters.PRIORITY_LEVELS, "priority"),
    "table": ("Raw table", filters.RAW_TABLES, "raw_table"),
}
DEFAULT_PERIOD = "month"
_COLOURS = {
    "Value": "#1f5f99",
    "Target": "#868e96",
    "promoters": "#2b8a3e",
    "passives": "#adb5bd",
    "detractors": "#c92a2a",
    "kept": "#2b8a3e",
    "broken": "#c92a2a",
}
_DOUBT = "#e8590c"
# Titles of one line in most charts at 1280 pixels.
_CSS = """\
.dashboard-component-chart-holder .header-title { font-size: 14px; line-height: 18px; }
.dashboard-component-chart-holder table th, .dashboard-component-chart-holder table td { font-size: 12px; }
"""


class _Dumper(yaml.SafeDumper):
    """YAML as the project writes it: sequences indented, text of several lines as it is."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _yaml(content: Mapping[str, Any]) -> str:
    return str(
        yaml.dump(
            dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, indent=2
        )
    )


def assets(boards: Iterable[Board], further: Iterable[Dataset] = ()) -> dict[str, str]:
    """Every file, by its path under dashboards/.

    Args:
        boards: the dashboards.
        further: datasets that no chart reads.
    """
    boards = list(boards)
    charts = [chart for board in boards for chart in board.charts]
    datasets = {
        dataset.name: dataset
        for dataset in (
            *(chart.dataset for chart in charts),
            *(dataset for _, dataset, _ in _FILTERS.values()),
            *further,
        )
    }
    files = {
        # A fixed time: what is imported is the same whenever it was written.
        "metadata.yaml": {"version": VERSION, "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"},
        "databases/support_kpis.yaml": _database(),
        **{f"datasets/{dataset.name}.yaml": _dataset(dataset) for dataset in datasets.values()},
        **{f"charts/{chart.name}.yaml": _chart(chart) for chart in charts},
        **{f"dashboards/{board.slug}.yaml": _board(board) for board in boards},
    }
    return {path: _yaml(content) for path, content in files.items()}


def write(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Write the files, and remove those that are no longer said.

    Args:
        folder: dashboards/.
        files: by path under it.

    Returns:
        What changed, in words.
    """
    told = []
    for kind in ("databases", "datasets", "charts", "dashboards"):
        for path in sorted((folder / kind).glob("*.yaml")):
            if f"{kind}/{path.name}" not in files:
                path.unlink()
                told.append(f"removed {kind}/{path.name}")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            told.append(f"wrote {name}")
    return told


def _database() -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": DATABASE_URI,
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": uuid_of("database", "marts"),
        "version": VERSION,
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "table_name": dataset.name,
        "main_dttm_col": dataset.time_column,
        "description": dataset.words,
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "catalog": None,
        "schema": "marts",
        "sql": dataset.sql,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": uuid_of("dataset", dataset.name),
        "metrics": [
            {
                "metric_name": "count",
                "verbose_name": "Rows",
                "metric_type": "count",
                "expression": "count(*)",
                "description": None,
                "d3format": ",d",
                "currency": None,
                "extra": None,
                "warning_text": None,
            }
        ],
        "columns": [_column(column) for column in dataset.columns],
        "version": VERSION,
        "database_uuid": uuid_of("database", "marts"),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "column_name": column.name,
        "verbose_name": column.label or None,
        "is_dttm": column.kind in ("date", "time"),
        "is_active": True,
        "type": _TYPES[column.kind],
        "advanced_data_type": None,
        "groupby": True,
        "filterable": True,
        "expression": None,
        "description": None,
        "python_date_format": None,
        "extra": None,
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "slice_name": chart.title,
        "description": chart.description,
        "certified_by": None,
        "certification_details": None,
        "viz_type": chart.viz,
        "params": {"viz_type": chart.viz, **chart.params},
        "query_context": None,
        "cache_timeout": None,
        "uuid": uuid_of("chart", chart.name),
        "version": VERSION,
        "dataset_uuid": uuid_of("dataset", chart.dataset.name),
    }


def _board(board: Board) -> dict[str, Any]:
    return {
        "dashboard_title": board.title,
        "description": board.words,
        "css": _CSS,
        "slug": board.slug,
        "certified_by": None,
        "certification_details": None,
        "published": True,
        "uuid": uuid_of("dashboard", board.slug),
        "position": _position(board),
        "metadata": {
            "color_scheme": "supersetColors",
            "refresh_frequency": 0,
            "timed_refresh_immune_slices": [],
            "expanded_slices": {},
            "label_colors": _colours(board),
            "shared_label_colors": [],
            "cross_filters_enabled": False,
            "filter_bar_orientation": "HORIZONTAL",
            "native_filter_configuration": [_filter(board, name) for name in board.filters],
        },
        "version": VERSION,
    }


def _colours(board: Board) -> dict[str, str]:
    """One colour a meaning; what is marked as doubtful is orange."""
    labels = {
        label
        for chart in board.charts
        for measured in chart.params.get("metrics", [])
        if (label := measured["label"]).startswith(MARK)
    }
    return {**_COLOURS, **dict.fromkeys(sorted(labels), _DOUBT)}


def _chart_ids(board: Board) -> dict[str, int]:
    """Numbers by which the file names its charts; Superset gives others when it imports."""
    return {chart.name: number for number, chart in enumerate(board.charts, start=1)}


def _filter(board: Board, name: str) -> dict[str, Any]:
    ids = _chart_ids(board)
    excluded = [ids[chart.name] for chart in board.charts if name not in chart.filters]
    common: dict[str, Any] = {
        "id": f"NATIVE_FILTER-{board.slug}-{name}",
        "type": "NATIVE_FILTER",
        "description": "",
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": excluded},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
    }
    if name == "time":
        return {
            **common,
            "name": "Time range",
            "filterType": "filter_time",
            "targets": [{}],
            "controlValues": {"enableEmptyFilter": False},
        }
    title, dataset, column = _FILTERS[name]
    is_period = name == "period"
    if is_period:
        common["defaultDataMask"] = {
            "extraFormData": {"filters": [{"col": column, "op": "IN", "val": [DEFAULT_PERIOD]}]},
            "filterState": {"value": [DEFAULT_PERIOD], "label": DEFAULT_PERIOD, "validateStatus": False},
            "ownState": {},
        }
    return {
        **common,
        "name": title,
        "filterType": "filter_select",
        "targets": [{"column": {"name": column}, "datasetUuid": uuid_of("dataset", dataset.name)}],
        "controlValues": {
            "enableEmptyFilter": is_period,
            "defaultToFirstItem": False,
            "multiSelect": not is_period,
            "searchAllOptions": False,
            "inverseSelection": False,
            "sortAscending": True,
        },
    }


def _position(board: Board) -> dict[str, Any]:
    ids = _chart_ids(board)
    rows: dict[str, Any] = {}
    cells: dict[str, Any] = {}
    for number, row in enumerate(board.rows, start=1):
        row_id = f"ROW-{number}"
        parents = ["ROOT_ID", "GRID_ID", row_id]
        children = []
        if isinstance(row, Heading):
            cell_id = f"MARKDOWN-{number}"
            cells[cell_id] = {
                "id": cell_id,
                "type": "MARKDOWN",
                "children": [],
                "parents": parents,
                "meta": {"code": row.text, "height": row.height, "width": 12},
            }
            children.append(cell_id)
        else:
            for chart in row:
                cell_id = f"CHART-{chart.name}"
                cells[cell_id] = {
                    "id": cell_id,
                    "type": "CHART",
                    "children": [],
                    "parents": parents,
                    "meta": {
                        "chartId": ids[chart.name],
                        "height": chart.height,
                        "width": chart.width,
                        "sliceName": chart.title,
                        "uuid": uuid_of("chart", chart.name),
                    },
                }
                children.append(cell_id)
        rows[row_id] = {
            "id": row_id,
            "type": "ROW",
            "children": children,
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
    return {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": list(rows), "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": board.title}},
        **rows,
        **cells,
    }
