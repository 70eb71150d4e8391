"""Every KPI is a metric with the catalogue's words, or stands on the page with the reason why not."""

import csv
import re
from typing import Any

import pytest
import yaml

from conftest import PROJECT
from project_graph import Graph, parsed

PAGE = PROJECT / "docs" / "metrics.md"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The project as dbt parses it, with weights of the experience score that are not the usual ones."""
    return parsed(tmp_path_factory.mktemp("parsed"), SUPPORT_KPIS_CX_WEIGHTS="0.5, 0.25, 0.25")


@pytest.fixture(scope="module")
def kpis() -> dict[str, dict[str, str]]:
    """The definitions of all KPIs by key."""
    with (PROJECT / "seeds/reference/kpi_definitions.csv").open(encoding="utf-8", newline="") as file:
        return {row["kpi_key"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def metrics(graph: Graph) -> dict[str, dict[str, Any]]:
    """All metrics by name."""
    return {metric["name"]: metric for metric in graph.manifest["metrics"].values()}


def excepted() -> dict[str, str]:
    """The KPIs that are no metrics, with the reason, from the page."""
    table = PAGE.read_text(encoding="utf-8").partition("## KPIs that are no metrics")[2]
    return dict(re.findall(r"^\| `([a-z0-9_]+)` \| (.+) \|$", table, re.MULTILINE))


def test_every_kpi_is_a_metric_or_says_why_not(
    kpis: dict[str, dict[str, str]], metrics: dict[str, dict[str, Any]]
) -> None:
    reasons = excepted()
    assert len(kpis) == len(kpis.keys() & metrics.keys()) + len(reasons)
    assert kpis.keys() - metrics.keys() == reasons.keys()
    assert all(len(reason) >= len("The same.") for reason in reasons.values())


def test_a_metric_has_the_words_of_its_kpi(
    kpis: dict[str, dict[str, str]], metrics: dict[str, dict[str, Any]]
) -> None:
    assert not [
        name
        for name, metric in metrics.items()
        if name in kpis
        and (
            metric["label"] != kpis[name]["kpi_name"]
            or kpis[name]["description"] not in metric["description"]
            or kpis[name]["caveat"] not in metric["description"]
        )
    ]


def test_other_metrics_are_parts_of_kpis(
    kpis: dict[str, dict[str, str]], metrics: dict[str, dict[str, Any]]
) -> None:
    used = {
        name.removeprefix("metric.support_kpis.")
        for metric in metrics.values()
        for name in metric["depends_on"]["nodes"]
        if name.startswith("metric.")
    }
    assert not metrics.keys() - kpis.keys() - used
    assert not [name for name, metric in metrics.items() if not metric["description"].strip()]


def test_semantic_models_read_published_tables_and_describe_what_they_offer(graph: Graph) -> None:
    models = graph.manifest["semantic_models"].values()
    assert len(models) >= 15
    marts = graph.layer("marts")
    assert not [model["name"] for model in models if not set(model["depends_on"]["nodes"]) <= marts.keys()]
    silent = [
        f"{model['name']}.{element['name']}"
        for model in models
        for element in [*model["dimensions"], *model["measures"]]
        if not (element["description"] or "").strip()
    ]
    assert not silent
    assert not [model["name"] for model in models if not model["description"].strip()]


def test_the_calendar_is_the_time_spine(graph: Graph) -> None:
    spines = {node["name"]: node["time_spine"] for node in graph.models.values() if node["time_spine"]}
    assert spines.keys() == {"dim_dates"}
    assert spines["dim_dates"]["standard_granularity_column"] == "date_day"


def test_saved_queries_say_what_they_are_for(graph: Graph) -> None:
    queries = graph.manifest["saved_queries"].values()
    assert len(queries) >= 6
    assert not [query["name"] for query in queries if not query["description"].strip()]


def test_the_experience_score_takes_the_weights_of_the_setting(metrics: dict[str, dict[str, Any]]) -> None:
    expression = metrics["cx_score"]["type_params"]["expr"]
    assert re.findall(r"0\.\d+", expression) == ["0.5", "0.25", "0.25"]


def test_the_published_file_is_a_target_that_only_reads() -> None:
    profiles = yaml.safe_load((PROJECT / "profiles/profiles.yml").read_text(encoding="utf-8"))
    published = profiles["support_kpis"]["outputs"]["published"]
    assert published["config_options"] == {"access_mode": "read_only"}


def test_without_metricflow_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from support_kpis import metrics as asking
    from support_kpis.errors import WrongUse
    from support_kpis.layout import Warehouse

    monkeypatch.setattr(asking.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(WrongUse, match="make setup TARGET=metrics"):
        asking.ask_metricflow(["list", "metrics"], Warehouse(tmp_path), PROJECT)
