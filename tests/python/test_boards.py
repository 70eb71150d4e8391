"""The dashboards as files: what is said is written, every chart is explained, nothing names this machine."""

import csv
import re
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import PROJECT
from support_kpis.boards.all_boards import BOARDS
from support_kpis.boards.assets import assets, write
from support_kpis.boards.parts import Chart

FOLDER = PROJECT / "dashboards"
SLUGS = [
    "overview",
    "response-and-resolution",
    "customer-experience",
    "loyalty-and-revenue",
    "team-and-workload",
    "data-health",
]
CHARTS = [chart for board in BOARDS for chart in board.charts]


@cache
def read(kind: str) -> dict[str, dict[str, Any]]:
    return {
        path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for path in (FOLDER / kind).glob("*.yaml")
    }


def test_the_files_are_what_the_boards_say() -> None:
    files = assets(BOARDS)
    there = {
        str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.rglob("*.yaml"))
    }
    assert there == files, "run make assets"


def test_writing_removes_what_is_no_longer_said(tmp_path: Path) -> None:
    write(tmp_path, assets(BOARDS))
    (tmp_path / "charts" / "gone.yaml").write_text("slice_name: Gone\n")
    assert write(tmp_path, assets(BOARDS)) == ["removed charts/gone.yaml"]
    assert write(tmp_path, assets(BOARDS)) == []


def test_the_six_dashboards_stand_under_their_addresses() -> None:
    assert [board.slug for board in BOARDS] == SLUGS
    assert {board["slug"] for board in read("dashboards").values()} == set(SLUGS)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_a_chart_says_what_it_shows(chart: Chart) -> None:
    """With the definition of each KPI as the catalogue has it."""
    seed = PROJECT / "seeds" / "reference" / "kpi_definitions.csv"
    with seed.open(encoding="utf-8", newline="") as lines:
        definitions = {row["kpi_key"]: row for row in csv.DictReader(lines)}
    written = read("charts")[chart.name]
    assert written["slice_name"] == chart.title
    assert len(chart.title) > 8
    assert chart.kpi_keys or chart.words
    for key in chart.kpi_keys:
        assert definitions[key]["description"] in written["description"]
        assert definitions[key]["formula"] in written["description"]
        assert definitions[key]["caveat"] in written["description"]


def test_every_kpi_has_a_place_and_headlines_are_those_of_the_seed() -> None:
    with (PROJECT / "seeds/reference/kpi_definitions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    shown = {key for chart in CHARTS for key in chart.kpi_keys}
    assert shown == {row["kpi_key"] for row in rows}
    ranked = {int(row["headline_rank"]): row["kpi_key"] for row in rows if row["headline_rank"]}
    headline = next(chart for chart in CHARTS if chart.name == "overview_headlines")
    assert list(headline.kpi_keys) == [ranked[rank] for rank in sorted(ranked)]


def test_a_chart_of_a_kpi_reads_no_kpi_that_it_does_not_explain() -> None:
    for chart in CHARTS:
        for chosen in chart.params["adhoc_filters"]:
            if chosen.get("subject") == "kpi_key":
                assert set(chosen["comparator"]) == set(chart.kpi_keys), chart.name


def test_ids_are_stable_and_differ() -> None:
    ids = [
        content["uuid"]
        for kind in ("databases", "datasets", "charts", "dashboards")
        for content in read(kind).values()
    ]
    assert len(ids) == len(set(ids))
    assert all(uuid.UUID(one).version == 5 for one in ids)
    # By hand: were the way in which ids are made to change, every address that people keep would break.
    assert read("dashboards")["overview"]["uuid"] == "bb54add2-003f-557f-ab0d-eac2f3e02615"


def test_charts_read_columns_that_their_dataset_has() -> None:
    datasets = {content["uuid"]: content for content in read("datasets").values()}
    for name, chart in read("charts").items():
        columns = {column["column_name"] for column in datasets[chart["dataset_uuid"]]["columns"]}
        params = chart["params"]
        read_ones = (
            [*params.get("all_columns", []), *params.get("groupby", [])]
            if isinstance(params.get("groupby"), list)
            else [*params.get("all_columns", [])]
        )
        read_ones += [params["x_axis"]] if "x_axis" in params else []
        read_ones += [chosen["subject"] for chosen in params["adhoc_filters"] if "subject" in chosen]
        assert set(read_ones) <= columns, name


def test_no_average_is_taken_of_rates() -> None:
    for name, chart in read("charts").items():
        assert not re.search(r"\bavg\s*\(", str(chart["params"]), re.IGNORECASE), name
    for name, dataset in read("datasets").items():
        assert not re.search(r"\bavg\s*\(", dataset["sql"], re.IGNORECASE), name


def test_the_address_of_the_marts_names_no_place() -> None:
    assert read("databases")["support_kpis"]["sqlalchemy_uri"] == "duckdb:///support_kpis_marts"


def test_filters_that_do_not_reach_a_chart_leave_it_out() -> None:
    written = read("dashboards")
    for board in BOARDS:
        content = written[board.slug]
        ids = {
            cell["meta"]["uuid"]: cell["meta"]["chartId"]
            for cell in content["position"].values()
            if isinstance(cell, dict) and cell["type"] == "CHART"
        }
        assert len(ids) == len(board.charts)
        for chosen in content["metadata"]["native_filter_configuration"]:
            assert set(chosen["scope"]["excluded"]) <= set(ids.values())
            assert len(chosen["scope"]["excluded"]) < len(ids), f"{chosen['id']} reaches no chart"
