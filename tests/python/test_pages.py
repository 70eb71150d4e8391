"""The pages made from the KPI seed and from the contract say what those say."""

from __future__ import annotations

from pathlib import Path

from support_kpis import pages

PROJECT = Path(__file__).parents[2]


def test_kpi_page_is_up_to_date() -> None:
    committed = (PROJECT / pages.KPI_PAGE).read_text(encoding="utf-8")
    assert committed == pages.render_kpis(PROJECT), "run: python -m support_kpis.pages"


def test_words_of_the_metrics_are_up_to_date() -> None:
    committed = (PROJECT / pages.METRICS_PAGE).read_text(encoding="utf-8")
    assert committed == pages.render_metrics(PROJECT), "run: python -m support_kpis.pages"


def test_input_page_is_up_to_date() -> None:
    committed = (PROJECT / pages.INPUT_PAGE).read_text(encoding="utf-8")
    assert committed == pages.render_input(PROJECT), "run: python -m support_kpis.pages"


def test_types_of_the_sample_are_up_to_date() -> None:
    committed = (PROJECT / pages.SAMPLE_PAGE).read_text(encoding="utf-8")
    assert committed == pages.render_sample(PROJECT), "run: python -m support_kpis.pages"
