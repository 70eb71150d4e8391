"""Bring the columns that the suites in expectations/ name into step with the models' yml.

`python -m support_kpis.suite_columns` rewrites the list of columns of every suite, and begins a suite for a
mart that has none. It is run on purpose, by whoever changes a mart: a suite is the word given to readers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from support_kpis.engines.duckdb_copy import PUBLISHED_PREFIXES
from support_kpis.settings import find_project


def published_columns(project_dir: Path) -> dict[str, dict[str, str]]:
    """The columns of every mart that is published, as the models' yml describes them.

    Args:
        project_dir: the folder of the dbt project.

    Returns:
        Table to column to type, in DuckDB's words.

    Raises:
        KeyError: a column has no type.
    """
    tables = {}
    for path in sorted((project_dir / "models" / "marts").rglob("_*.yml")):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            if str(model["name"]).startswith(PUBLISHED_PREFIXES):
                tables[str(model["name"])] = {
                    str(column["name"]): str(column["data_type"]).upper().replace(" ", "")
                    for column in model["columns"]
                }
    return dict(sorted(tables.items()))


def bring_into_step(project_dir: Path) -> list[str]:
    """Rewrite the suites' columns.

    Args:
        project_dir: the folder that holds models/ and expectations/.

    Returns:
        The tables whose suites changed.
    """
    changed = []
    for table, columns in published_columns(project_dir).items():
        path = project_dir / "expectations" / f"{table}.json"
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        suite = json.loads(before) if before else _begun(table)
        suite["meta"]["columns"] = columns
        after = json.dumps(suite, indent=2, ensure_ascii=False) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(table)
    return changed


def _begun(table: str) -> dict[str, Any]:
    low, high = f"{table}_rows_min", f"{table}_rows_max"
    parameters: Mapping[str, str] = {
        low: f"select cast(greatest(floor(count(*) * 0.8) - 100, 0) as bigint) from marts.{table}",
        high: f"select cast(ceil(count(*) * 3) + 1000 as bigint) from marts.{table}",
    }
    return {
        "name": table,
        "notes": f"What {table} looks like when it is fit to be published. Keys, relations and allowed "
        "values are dbt's to test.",
        "meta": {"columns": {}},
        "expectations": [
            {
                "type": "expect_table_row_count_to_be_between",
                "kwargs": {"min_value": {"$PARAMETER": low}, "max_value": {"$PARAMETER": high}},
                "meta": {"from_last_build": parameters},
                "notes": "From one build to the next at most 20 % of the rows may go, and at most 200 % may "
                "come (beyond 100 and 1000 rows of play). A jump means that a load was cut off or came "
                "twice.",
            }
        ],
    }


if __name__ == "__main__":
    print("\n".join(bring_into_step(find_project())) or "Every suite is in step.")
