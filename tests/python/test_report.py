"""The report says what the published marts say, needs nothing but itself, and takes names for text."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import conftest
from conftest import Built
from html_page import Element, parsed
from report_page import ask, section, written


@pytest.fixture(scope="module")
def page(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Element:
    """The report of the sample, by week."""
    return parsed(written(sample.root, tmp_path_factory.mktemp("report")))


def scores(warehouse: Path, grain: str) -> dict[str, tuple[Any, ...]]:
    """The whole operation's figures in the latest whole period, for KPIs that are counted by it."""
    rows = ask(
        warehouse,
        f"""
        select kpi_key, value, sample_size, is_small_sample, target_status, is_significant_change, change
        from marts.kpi_scorecard
        where dimension = 'all' and period_grain = '{grain}' and period_start = (
            select max(period_start) from marts.kpi_scorecard
            where dimension = 'all' and period_grain = '{grain}' and is_complete_period
        )
        """,
    )
    return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize("grain", ["week", "month", "day"])
def test_every_kpi_shows_the_scorecards_figure(sample: Built, tmp_path: Path, grain: str) -> None:
    page = parsed(written(sample.root, tmp_path, grain))
    expected = scores(sample.root, grain)
    shown = {row.attributes["data-kpi"]: row for row in section(page, "every").all("tr") if row.attributes}
    available = ask(sample.root, "select kpi_key from marts.kpi_catalog where is_available")
    assert set(shown) == {key for (key,) in available}
    compared = 0
    for key, (value, n, is_small, status, is_real, moved) in expected.items():
        row = shown[key]
        if value is None:
            assert not row.all("data"), key
            continue
        compared += 1
        assert float(row.one("data").attributes["value"]) == value, key
        cells = [cell.text for cell in row.all("td")]
        assert cells[2].split(" ")[0] == f"{n:,}", key
        assert ("small sample" in cells[2]) == is_small, key
        assert (status or "no target") in cells[5], key
        if moved is None:
            assert cells[4] == "nothing to compare with", key
        else:
            words = {True: "real change", False: "no real change", None: "not tested"}[is_real]
            assert cells[4].startswith(words), key
    assert compared > 25


def test_headlines_are_those_of_the_catalogue_in_their_order(sample: Built, page: Element) -> None:
    ranked = ask(
        sample.root,
        "select kpi_key, kpi_name from marts.kpi_catalog where headline_rank is not null "
        "order by headline_rank",
    )
    cards = section(page, "headlines").all("article")
    assert [(card.attributes["data-kpi"], card.one("h3").text) for card in cards] == ranked
    assert len(ranked) >= 12
    expected = scores(sample.root, "week")
    for card in cards:
        value = expected.get(card.attributes["data-kpi"], (None,))[0]
        if value is not None:
            big = card.one("p", class_="big")
            assert float(big.one("data").attributes["value"]) == value


def test_a_kpi_that_weeks_do_not_have_comes_by_month_and_says_so(sample: Built, page: Element) -> None:
    ((value, start),) = ask(
        sample.root,
        "select value, period_start from marts.kpi_scorecard where kpi_key = 'customer_retention_rate' "
        "and dimension = 'all' and period_grain = 'month' and is_complete_period "
        "order by period_start desc limit 1",
    )
    card = section(page, "headlines").one("article", data_kpi="customer_retention_rate")
    assert float(card.one("p", class_="big").one("data").attributes["value"]) == value
    assert f"{start:%B %Y}" in card.text


def test_a_period_that_is_not_over_is_marked(sample: Built, page: Element) -> None:
    ((value, n),) = ask(
        sample.root,
        "select value, sample_size from marts.kpi_scorecard where kpi_key = 'tickets_created' "
        "and dimension = 'all' and period_grain = 'week' and not is_complete_period",
    )
    card = section(page, "headlines").one("article", data_kpi="tickets_created")
    assert f"Week so far: {value:.0f}, n = {n} not over" in card.text
    assert len(card.all("tr")) == 1 + 13 + 1


def test_alerts_and_drivers_are_those_of_the_marts(sample: Built, page: Element) -> None:
    alerts = ask(sample.root, "select message, severity from marts.kpi_alerts where is_open")
    shown = [item.text for item in section(page, "alerts").all("li")]
    assert len(shown) == len(alerts)
    for message, severity in alerts:
        assert any(message in text and severity in text for text in shown)
    moved = ask(
        sample.root,
        """
        select kpi_key, dimension, member_name, round(total_part, 9) from marts.kpi_change_drivers
        where period_grain = 'week' and is_significant_change and driver_rank <= 3 and total_part <> 0
        and period_start = (
            select max(period_start) from marts.kpi_scorecard
            where dimension = 'all' and period_grain = 'week' and is_complete_period
        )
        """,
    )
    assert moved, "the sample has a real change in its last week"
    articles = section(page, "drivers").all("article")
    assert {row[0] for row in moved} == {article.attributes["data-kpi"] for article in articles}
    rows = [
        (article.attributes["data-kpi"], row.all("td")[0].text, row.one("th").text)
        for article in articles
        for row in article.all("tr")[1:]
    ]
    assert sorted(rows) == sorted(row[:3] for row in moved)


def test_what_waits_adds_up_to_the_backlog(sample: Built, page: Element) -> None:
    ((unsolved,),) = ask(sample.root, "select count(*) from marts.fct_tickets where resolved_at is null")
    ((closing,),) = ask(
        sample.root,
        "select sum(closing_count) from marts.fct_backlog_daily "
        "where date_day = (select max(date_day) from marts.fct_backlog_daily)",
    )
    ages = section(page, "waiting").one("table", id="ages")
    waiting = sum(int(cell.attributes["value"]) for cell in ages.all("data"))
    assert waiting == unsolved == closing
    running = ask(
        sample.root,
        "select metric, count(*) from marts.fct_sla_outcomes as sla join marts.fct_tickets as t "
        "on sla.ticket_id = t.ticket_id where t.resolved_at is null and sla.ends_at is null "
        "and outcome = 'breached' group by metric order by metric",
    )
    tables = [table for table in section(page, "waiting").all("table") if "promise" in table.text]
    rows = [(row.one("th").text, row.all("td")[-1].text) for row in tables[0].all("tr")[1:]]
    assert rows == [(metric.replace("_", " "), f"{count:,}") for metric, count in running]


def test_data_health_is_that_of_the_ops_tables(sample: Built, page: Element) -> None:
    health = section(page, "health")
    rows = [
        [row.one("th").text, *(cell.text for cell in row.all("td"))]
        for row in health.one("table", id="reconciliation").all("tr")[1:]
    ]
    expected = ask(
        sample.root,
        "select raw_table, raw_count, accepted_count, duplicate_count, superseded_count, quarantined_count, "
        "excluded_count from marts.ops_reconciliation where raw_count > 0 order by raw_table",
    )
    assert rows == [[row[0], *(f"{count:,}" for count in row[1:])] for row in expected]
    reasons = [table for table in health.all("table") if table.all("th")[1].text == "reason"][:2]
    counts = [int(row.all("td")[1].text.replace(",", "")) for table in reasons for row in table.all("tr")[1:]]
    ((rejected,),) = ask(sample.root, "select count(*) from marts.ops_quarantine")
    assert sum(counts) == rejected
    runs = ask(
        sample.root, "select run_id, message from marts.ops_refresh_runs order by run_id desc limit 10"
    )
    for run_id, message in runs:
        assert run_id in health.text and message.split("\n")[0][:150] in health.text


def test_it_asks_nobody_for_anything(sample: Built, tmp_path: Path, page: Element) -> None:
    text = written(sample.root, tmp_path)
    for element in page.walk():
        assert element.name not in {"script", "iframe", "object", "embed", "form", "base", "img"}
        for name in element.attributes:
            assert not name.startswith("on"), element
        for name in ("src", "href", "xlink:href", "action", "poster", "srcset", "background"):
            assert element.attributes.get(name, "#").startswith(("#", "data:,")), element
    assert not re.search(r"url\(|@import|@font-face", text)
    addresses = set(re.findall(r"""\w+://[^"'\s<]+""", text))
    assert {address.split("/")[2] for address in addresses} <= {"www.w3.org"}
    (policy,) = [
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'")
    assert len(text) < 1_000_000


def test_it_reads_well_without_eyes(page: Element) -> None:
    assert page.one("html").attributes["lang"] == "en"
    levels = [int(e.name[1]) for e in page.walk() if re.fullmatch("h[1-6]", e.name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    for chart in page.all("svg"):
        assert chart.attributes["role"] == "img"
        assert len(chart.attributes["aria-label"]) > 20
    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        assert link.attributes["href"].removeprefix("#") in ids
    for table in page.all("table"):
        assert all(head.attributes.get("scope") in {"col", "row"} for head in table.all("th"))
    summaries = [summary.text for summary in page.all("summary")]
    assert len(page.all("svg")) <= len(summaries)
    assert len(summaries) == len(set(summaries))


def test_the_same_file_gives_the_same_bytes(sample: Built, tmp_path: Path) -> None:
    refreshed = (sample.root / "report.html").read_text(encoding="utf-8")
    for place, variables in enumerate(
        (
            {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "HOME": str(tmp_path / "nowhere")},
        )
    ):
        out = tmp_path / f"{place}.html"
        outcome = conftest.run("report", "--warehouse-dir", sample.root, "--out", out, "--json", **variables)
        assert outcome.code == 0, outcome.err
        assert outcome.json()["report"] == str(out)
        assert out.read_text(encoding="utf-8") == refreshed
