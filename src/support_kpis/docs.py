"""One page with the documentation of everything: dbt's, with the words of columns that are passed on.

Run ``python -m support_kpis.docs`` after ``dbt docs generate``. A column without words of its own has those
of the column of its name in the nearest model that it comes from, else in the nearest that it goes to: it is
the same column, described where it is made or where it is read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Manifest = Mapping[str, Any]

# The words in dbt's page that the artifacts take the place of.
_MANIFEST_PLACE = '"MANIFEST.JSON INLINE DATA"'
_CATALOG_PLACE = '"CATALOG.JSON INLINE DATA"'
# What staging adds to every raw table: each value as it came, and the names of unknown columns.
_AS_IT_CAME = "raw_"
_UNKNOWN_COLUMNS = "raw_unknown_columns"


def complete(manifest: Manifest, columns: Mapping[str, Iterable[str]]) -> list[str]:
    """Give every column of every model and seed its words.

    Args:
        manifest: dbt's, changed in place.
        columns: the columns of each node, by its unique id, as the database has them.

    Returns:
        The columns that nobody describes, such as ``int_tickets_classified.rank``.
    """
    nodes = {**manifest["nodes"], **manifest["sources"]}
    own = {
        key: {
            name.lower(): column["description"].strip()
            for name, column in node.get("columns", {}).items()
            if column.get("description", "").strip()
        }
        for key, node in nodes.items()
    }
    missing = []
    for key, names in columns.items():
        node = nodes.get(key)
        if node is None or node["resource_type"] not in ("model", "seed", "source"):
            continue
        for name in names:
            words = _words(name.lower(), key, own, manifest)
            if words is None:
                missing.append(f"{node['name']}.{name}")
                continue
            column = node["columns"].setdefault(
                name, {"name": name, "meta": {}, "tags": [], "data_type": None}
            )
            column["description"] = words
    return sorted(missing)


def _words(name: str, key: str, own: Mapping[str, Mapping[str, str]], manifest: Manifest) -> str | None:
    """The words of a column: its own, else what staging and the sample are known for, else inherited ones."""
    found = own[key].get(name)
    if found is None and name == _UNKNOWN_COLUMNS:
        found = "Names of the raw row's columns that the contract does not know, as JSON; they are ignored."
    if found is None and name.startswith(_AS_IT_CAME) and name.removeprefix(_AS_IT_CAME) in own[key]:
        found = f"As it came, before it was read: {own[key][name.removeprefix(_AS_IT_CAME)]}"
    if found is None:
        found = _inherited(name, key, own, manifest)
    if found is None and key.startswith("seed."):
        found = "A column that the contract does not know; it is ignored."
    return found


def _inherited(name: str, start: str, own: Mapping[str, Mapping[str, str]], manifest: Manifest) -> str | None:
    """The words of the nearest column of that name, first towards the raw tables, then towards the marts."""
    for direction in ("parent_map", "child_map"):
        seen, level = {start}, [start]
        while level:
            level = sorted({key for at in level for key in manifest[direction].get(at, [])} - seen)
            seen.update(level)
            for key in level:
                if name in own.get(key, {}):
                    return own[key][name]
    return None


def write_page(target_dir: Path) -> list[str]:
    """Write ``static_index.html``: dbt's page with completed artifacts in it, which opens from disk.

    Args:
        target_dir: where ``dbt docs generate`` left manifest.json, catalog.json and index.html.

    Returns:
        The columns that nobody describes.
    """
    manifest = json.loads((target_dir / "manifest.json").read_text(encoding="utf-8"))
    catalog = json.loads((target_dir / "catalog.json").read_text(encoding="utf-8"))
    tables = {**catalog["nodes"], **catalog["sources"]}
    missing = complete(manifest, {key: list(table["columns"]) for key, table in tables.items()})
    page = (target_dir / "index.html").read_text(encoding="utf-8")
    for place, artifact in ((_MANIFEST_PLACE, manifest), (_CATALOG_PLACE, catalog)):
        if place not in page:
            raise SystemExit(f"dbt's page has no place {place}: this version of dbt writes it another way.")
        page = page.replace(place, json.dumps(artifact))
    (target_dir / "static_index.html").write_text(page, encoding="utf-8")
    return missing


def main() -> None:
    """Write the page of the project's target folder, or of the one named."""
    target_dir = Path(sys.argv[1] if len(sys.argv) > 1 else "target")
    missing = write_page(target_dir)
    print(f"The documentation is in {target_dir / 'static_index.html'}; it opens from disk.")
    if not json.loads((target_dir / "catalog.json").read_text(encoding="utf-8"))["nodes"]:
        print("Nothing is built here yet, so it has described columns only: make refresh first for all.")
    if missing:
        print(f"{len(missing)} columns have no words: {', '.join(missing[:10])}")


if __name__ == "__main__":
    main()
