"""Who reads the marts is written down, and true: public tables under contract, just those that are read."""

import re
from typing import Any

import pytest
import yaml

from conftest import PROJECT
from project_graph import Graph, parsed

DASHBOARDS = PROJECT / "dashboards"
PACKAGE = PROJECT / "src" / "support_kpis"
TABLE = re.compile(r"\bmarts\.([a-z_]+)")
REPORT = "report"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The project as dbt parses it."""
    return parsed(tmp_path_factory.mktemp("parsed"))


@pytest.fixture(scope="module")
def exposures(graph: Graph) -> dict[str, dict[str, Any]]:
    """All exposures by name."""
    return {exposure["name"]: exposure for exposure in graph.manifest["exposures"].values()}


def written_down(graph: Graph, exposure: dict[str, Any]) -> set[str]:
    """The tables that an exposure says it depends on."""
    return {graph.manifest["nodes"][key]["name"] for key in exposure["depends_on"]["nodes"]}


def assets(folder: str) -> dict[str, dict[str, Any]]:
    """The assets of a kind by their uuid."""
    loaded = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((DASHBOARDS / folder).rglob("*.yaml"))
    ]
    return {asset["uuid"]: asset for asset in loaded}


def values_of(node: Any, name: str) -> set[str]:
    """All values of a key, however deep it stands."""
    if isinstance(node, dict):
        found = {node[name]} if isinstance(node.get(name), str) else set()
        return found.union(*(values_of(value, name) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(values_of(value, name) for value in node))
    return set()


def read_by_dashboards() -> dict[str, set[str]]:
    """The tables that each dashboard reads, by its slug: of its charts and of its filters."""
    charts, datasets = assets("charts"), assets("datasets")
    read = {}
    for dashboard in assets("dashboards").values():
        used = {charts[uuid]["dataset_uuid"] for uuid in values_of(dashboard["position"], "uuid")}
        used |= values_of(dashboard["metadata"], "datasetUuid")
        read[dashboard["slug"]] = {
            table
            for uuid in used
            for table in TABLE.findall(datasets[uuid].get("sql") or f"marts.{datasets[uuid]['table_name']}")
        }
    return read


def test_exposures_say_who_what_and_where(exposures: dict[str, dict[str, Any]]) -> None:
    dashboards = {name: one for name, one in exposures.items() if one["type"] == "dashboard"}
    assert {one["label"] for one in dashboards.values()} == {
        "Overview",
        "Response and resolution",
        "Customer experience",
        "Loyalty and revenue",
        "Team and workload",
        "Data health",
    }
    for one in dashboards.values():
        slug = one["label"].lower().replace(" ", "-")
        assert one["url"] == f"http://127.0.0.1:8088/superset/dashboard/{slug}/"
    assert exposures.keys() - dashboards.keys() == {REPORT}
    silent = [
        name
        for name, one in exposures.items()
        if not one["description"].strip()
        or not one["owner"].get("name")
        or not one["maturity"]
        or not one["url"]
    ]
    assert not silent


def test_exposures_depend_on_public_tables_under_contract(
    graph: Graph, exposures: dict[str, dict[str, Any]]
) -> None:
    wrong = []
    for name, exposure in exposures.items():
        assert exposure["depends_on"]["nodes"]
        for key in exposure["depends_on"]["nodes"]:
            node = graph.models.get(key)
            if (
                node is None
                or node["access"] != "public"
                or not node["contract"]["enforced"]
                or node["config"]["materialized"] != "table"
            ):
                wrong.append((name, key))
    assert not wrong


@pytest.mark.skipif(not DASHBOARDS.is_dir(), reason="there are no dashboards in this checkout")
def test_dashboards_depend_on_what_their_charts_and_filters_read(
    graph: Graph, exposures: dict[str, dict[str, Any]]
) -> None:
    said = {
        one["label"].lower().replace(" ", "-"): written_down(graph, one)
        for one in exposures.values()
        if one["type"] == "dashboard"
    }
    assert said == read_by_dashboards()


def test_the_report_depends_on_what_its_queries_read(
    graph: Graph, exposures: dict[str, dict[str, Any]]
) -> None:
    # Open alerts are read as `status` reads them.
    paths = [*sorted((PACKAGE / "report" / "sql").glob("*.sql")), PACKAGE / "alerts.py"]
    queries = [path.read_text(encoding="utf-8") for path in paths]
    assert len(queries) > 5
    assert written_down(graph, exposures[REPORT]) == {
        table for query in queries for table in TABLE.findall(query)
    }
