"""The page of KPI definitions says what the seed says."""

from __future__ import annotations

from pathlib import Path

from support_kpis import kpi_docs

PROJECT = Path(__file__).parents[2]


def test_page_is_up_to_date() -> None:
    committed = (PROJECT / kpi_docs.PAGE).read_text(encoding="utf-8")
    assert committed == kpi_docs.render(PROJECT), "run: python -m support_kpis.kpi_docs"
