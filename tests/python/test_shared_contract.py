"""The project against the written contract, where that lies beside the checkout."""

import re
from typing import Any

import pytest
import yaml

from conftest import PROJECT, SHARED_DATA
from project_graph import Graph, parsed
from support_kpis.contract import load_contract

SHARED_CONTRACT = SHARED_DATA.parent / "contract"
# The contract's word for a type -> ours is the same; what status may be is said by the status_map seed.
MAPPED_BY_SEED = {("tickets", "status")}

pytestmark = pytest.mark.skipif(
    not SHARED_CONTRACT.is_dir(), reason="the written contract is not beside the checkout"
)


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    """raw.yml: the landing contract as it was agreed."""
    return dict(yaml.safe_load((SHARED_CONTRACT / "raw.yml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def marts() -> dict[str, list[str]]:
    """marts.yml: the published tables and columns as they were agreed."""
    return dict(yaml.safe_load((SHARED_CONTRACT / "marts.yml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The project as dbt parses it."""
    return parsed(tmp_path_factory.mktemp("parsed"))


def test_raw_tables_are_those_of_the_contract(raw: dict[str, Any]) -> None:
    ours = load_contract(PROJECT)
    assert set(ours) == set(raw)
    assert {name: list(table.key) for name, table in ours.items()} == {
        name: table["key"] for name, table in raw.items()
    }
    assert {name: table.required for name, table in ours.items()} == {
        name: table.get("required", False) for name, table in raw.items()
    }


def test_raw_columns_are_those_of_the_contract(raw: dict[str, Any]) -> None:
    ours = load_contract(PROJECT)
    for name, table in raw.items():
        # Every table may also carry loaded_at; with us it is always the last column.
        assert list(ours[name].columns) == [*table["columns"], "loaded_at"], name
        assert ours[name].columns["loaded_at"].type == "timestamp"
        for column, agreed in table["columns"].items():
            found = ours[name].columns[column]
            assert found.type == agreed["type"], (name, column)
            assert found.required == agreed.get("not_null", False), (name, column)
            assert found.pii == agreed.get("pii", False), (name, column)
            assert found.refers_to == agreed.get("refers_to"), (name, column)
            if (name, column) not in MAPPED_BY_SEED:
                assert list(found.values) == agreed.get("values", []), (name, column)
            if "default" in agreed:
                assert found.default == agreed["default"], (name, column)


def test_status_map_leads_to_the_statuses_of_the_contract(raw: dict[str, Any]) -> None:
    lines = (PROJECT / "seeds/reference/status_map.csv").read_text(encoding="utf-8").splitlines()
    mapped = dict(line.split(",") for line in lines[1:])
    agreed = raw["tickets"]["columns"]["status"]["values"]
    assert set(mapped.values()) == set(agreed)
    assert all(mapped[status] == status for status in agreed)


def test_scales_default_as_the_contract_notes(raw: dict[str, Any]) -> None:
    staged = {}
    for path in (PROJECT / "models/staging/helpdesk").glob("_helpdesk__*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            staged[model["config"]["meta"]["raw_table"]] = {
                column["name"]: column.get("config", {}).get("meta", {}) for column in model["columns"]
            }
    for table in ("survey_responses", "employee_survey_responses"):
        for bound in ("scale_min", "scale_max"):
            note = raw[table]["columns"][bound]["note"]
            agreed = {kind: int(value) for kind, value in re.findall(r"(\w+) (\d+)", note)}
            assert agreed
            assert staged[table][bound]["default_by_survey_type"] == agreed


def test_marts_have_the_columns_of_the_contract(graph: Graph, marts: dict[str, list[str]]) -> None:
    published = {node["name"]: list(node["columns"]) for node in graph.layer("marts").values()}
    both = set(published) & set(marts)
    assert len(both) >= 17
    missing = {name: [column for column in marts[name] if column not in published[name]] for name in both}
    assert not {name: columns for name, columns in missing.items() if columns}


def test_settings_of_the_fine_print_exist(graph: Graph) -> None:
    page = (SHARED_CONTRACT / "fine-print.md").read_text(encoding="utf-8").partition("## Settings")[2]
    agreed = re.findall(r"`([a-z_]+)`", page)
    setting = graph.manifest["macros"]["macro.support_kpis.setting"]["macro_sql"]
    assert "as_of" in agreed
    assert not [name for name in agreed if f"'{name}':" not in setting]
