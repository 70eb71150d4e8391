"""The page of the documentation: every column has words, and the page needs nothing but itself."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import PROJECT, Built
from support_kpis.docs import complete, write_page


def node(name: str, kind: str = "model", **columns: str) -> dict[str, Any]:
    """A node of a manifest with described columns."""
    described = {column: {"name": column, "description": words} for column, words in columns.items()}
    return {"name": name, "resource_type": kind, "columns": described}


@pytest.fixture
def manifest() -> dict[str, Any]:
    """A raw table, staging, a middle and a mart, each reading the one before."""
    chain = ["seed.p.raw_t", "model.p.stg", "model.p.int", "model.p.fct"]
    return {
        "nodes": {
            "seed.p.raw_t": node("raw_t", "seed"),
            "model.p.stg": node("stg", id="Id of the thing.", at="When it came."),
            "model.p.int": node("int", at="When it happened."),
            "model.p.fct": node("fct", id="Key.", total="Sum of it."),
        },
        "sources": {},
        "parent_map": {key: chain[place - 1 : place] for place, key in enumerate(chain)},
        "child_map": {key: chain[place + 1 : place + 2] for place, key in enumerate(chain)},
    }


def words(manifest: dict[str, Any], name: str) -> dict[str, str]:
    return {
        column: entry["description"]
        for key, found in manifest["nodes"].items()
        if key.endswith(f".{name}")
        for column, entry in found["columns"].items()
    }


def test_words_come_from_where_a_column_comes_from(manifest: dict[str, Any]) -> None:
    columns = {
        "seed.p.raw_t": ["id", "odd"],
        "model.p.stg": ["id", "at", "raw_id", "raw_unknown_columns"],
        "model.p.int": ["id", "at", "total", "mystery"],
        "model.p.fct": ["id", "at", "total"],
    }
    assert complete(manifest, columns) == ["int.mystery"]
    # First from the side of the raw table, else from that of the mart; never over words of its own.
    assert words(manifest, "int") == {
        "id": "Id of the thing.",
        "at": "When it happened.",
        "total": "Sum of it.",
    }
    assert words(manifest, "fct") == {"id": "Key.", "at": "When it happened.", "total": "Sum of it."}
    assert words(manifest, "stg")["raw_id"] == "As it came, before it was read: Id of the thing."
    assert words(manifest, "raw_t")["id"] == "Id of the thing."
    assert "does not know" in words(manifest, "raw_t")["odd"]
    assert "does not know" in words(manifest, "stg")["raw_unknown_columns"]


def test_every_column_of_every_table_has_words(sample: Built) -> None:
    manifest = json.loads((sample.root / "build" / "target" / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(sample.root / "build" / "support_kpis.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select table_schema, table_name, list(column_name) from information_schema.columns "
            "where table_catalog = current_database() group by all"
        ).fetchall()
    tables = {(schema, table): columns for schema, table, columns in found}
    columns = {
        key: tables.get((each["schema"], each["alias"]), [])
        for key, each in manifest["nodes"].items()
        if each["resource_type"] in ("model", "seed")
    }
    assert sum(map(len, columns.values())) > 2000
    assert complete(manifest, columns) == []


def test_the_page_holds_all_it_needs(tmp_path: Path, manifest: dict[str, Any]) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    table = {"columns": {"id": {"name": "id"}, "mystery": {"name": "mystery"}}}
    (tmp_path / "catalog.json").write_text(json.dumps({"nodes": {"model.p.int": table}, "sources": {}}))
    places = '<script>n = ["MANIFEST.JSON INLINE DATA", "CATALOG.JSON INLINE DATA"]</script>'
    (tmp_path / "index.html").write_text(places)
    assert write_page(tmp_path) == ["int.mystery"]
    page = (tmp_path / "static_index.html").read_text()
    assert "INLINE DATA" not in page
    assert page.count('"Id of the thing."') == 2
    (tmp_path / "index.html").write_text("<html>another page</html>")
    with pytest.raises(SystemExit, match="another way"):
        write_page(tmp_path)


def test_the_overview_leads_to_tables_that_exist() -> None:
    page = (PROJECT / "models" / "overview.md").read_text(encoding="utf-8")
    assert page.startswith("{% docs __overview__ %}")
    named = re.findall(r"#!/model/model\.support_kpis\.([a-z_]+)", page)
    marts = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    assert len(named) >= 8
    assert set(named) <= marts
