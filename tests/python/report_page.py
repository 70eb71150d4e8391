"""What the tests of the report share: pages written, warehouses copied and changed, questions asked."""

import shutil
from pathlib import Path
from typing import Any

import duckdb

from conftest import Built
from html_page import Element
from support_kpis.layout import Warehouse
from support_kpis.report.make import make_report


def written(warehouse: Path, folder: Path, period: str = "week") -> str:
    """The text of a report of what is published."""
    out = folder / "report.html"
    make_report(Warehouse(warehouse), out, period)
    assert [path.name for path in folder.iterdir()] == ["report.html"]
    return out.read_text(encoding="utf-8")


def ask(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    path = warehouse / "published" / "support_kpis.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def change(warehouse: Path, *statements: str) -> None:
    """Write into a copy of the published file."""
    with duckdb.connect(str(warehouse / "published" / "support_kpis.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def copied(sample: Built, folder: Path) -> Path:
    """A warehouse of which only what is published is there, to be changed."""
    (folder / "published").mkdir(parents=True)
    shutil.copy(sample.published, folder / "published")
    return folder


def section(page: Element, name: str) -> Element:
    return page.one("section", aria_labelledby=name)
