"""The report where names are hostile, the input holds little, or the page cannot be made."""

import os
import threading
from pathlib import Path

import pytest

import conftest
from conftest import Built
from html_page import parsed
from report_page import ask, change, copied, section, written
from support_kpis.layout import Warehouse
from support_kpis.report.make import make_report

HOSTILE = """</script><script>alert("x")</script><img src=x onerror=alert(1)> & 'co' {{ 7 * 7 }}"""


def test_names_and_messages_are_text_whatever_they_hold(sample: Built, tmp_path: Path) -> None:
    warehouse = copied(sample, tmp_path / "w")
    name = HOSTILE.replace("'", "''")
    change(
        warehouse,
        f"update marts.kpi_change_drivers set member_name = '{name}' || member_id",
        f"update marts.dim_teams set team_name = '{name}'",
        f"update marts.kpi_alerts set message = '{name}'",
        f"update marts.kpi_catalog set kpi_name = kpi_name || '{name}', caveat = '{name}'",
        f"update marts.ops_refresh_runs set message = '{name}'",
        f"update marts.ops_quarantine set reason = '{name}' where reason = 'missing_parent'",
        f"update marts.fct_tickets set priority = '{name}' where priority = 'normal'",
    )
    (tmp_path / "out").mkdir()
    text = written(warehouse, tmp_path / "out")
    page = parsed(text)
    assert not page.all("script") and not page.all("img")
    assert not [e for e in page.walk() if any(name.startswith("on") for name in e.attributes)]
    assert "<script" not in text.lower() and "<img" not in text.lower()
    told = HOSTILE.replace("  ", " ")
    for name in ("headlines", "alerts", "drivers", "waiting", "every", "health"):
        assert told in section(page, name).text, name
    # In the pictures too, where another library wrote the text; an axis cuts off what is long.
    assert len([svg for svg in page.all("svg") if "</script><script>ale" in svg.text]) >= 2


def test_a_kpi_that_the_input_does_not_carry_is_named_as_such(sample: Built, tmp_path: Path) -> None:
    warehouse = copied(sample, tmp_path / "w")
    change(
        warehouse,
        "delete from marts.kpi_scorecard where kpi_key in ('nps', 'sla_attainment_resolution')",
        "update marts.kpi_catalog set is_available = false, unavailable_reason = 'It needs <answers>.' "
        "where kpi_key in ('nps', 'sla_attainment_resolution')",
        "delete from marts.fct_sla_outcomes",
    )
    (tmp_path / "out").mkdir()
    page = parsed(written(warehouse, tmp_path / "out"))
    card = section(page, "headlines").one("article", data_kpi="nps")
    assert "not available" in card.text and "It needs <answers>." in card.text
    assert not card.all("svg")
    cards = [card.attributes["data-kpi"] for card in section(page, "headlines").all("article")]
    assert cards[-2:] == ["sla_attainment_resolution", "nps"]
    named = [item.attributes["data-kpi"] for item in section(page, "every").all("li")]
    assert named == ["sla_attainment_resolution", "nps"]
    assert "No promise (SLA) waits" in section(page, "waiting").text


def test_what_cannot_be_done_is_said_in_a_sentence(sample: Built, tmp_path: Path) -> None:
    def refused(warehouse: Path, *arguments: str | Path) -> str:
        outcome = conftest.run("report", "--warehouse-dir", warehouse, *arguments)
        assert outcome.code == 2, outcome.err
        assert len(outcome.err.strip().splitlines()) == 1 and "Traceback" not in outcome.err
        assert outcome.err.strip().endswith(".")
        return outcome.err

    assert "run support-kpis refresh first" in refused(tmp_path)
    assert "make it, or name another place" in refused(sample.root, "--out", tmp_path / "none" / "r.html")
    assert "is a folder" in refused(sample.root, "--out", tmp_path)
    assert "name another place" in refused(sample.root, "--out", Path("/proc/report.html"))
    assert "use one of day, week" in refused(sample.root, "--period", "fortnight")
    older = copied(sample, tmp_path / "older")
    change(older, "drop table marts.kpi_scorecard")
    assert "refresh with the present version" in refused(older)
    broken = copied(sample, tmp_path / "broken")
    (broken / "published" / "support_kpis.duckdb").write_bytes(b"no database" * 1000)
    assert "run support-kpis refresh to write it anew" in refused(broken)
    assert not list(tmp_path.rglob("*.html")) and not list(tmp_path.rglob("*.tmp"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(sample: Built, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    outcome = conftest.run("report", "--warehouse-dir", sample.root, "--out", tmp_path / "r.html")
    assert outcome.code == 2 and "may not write" in outcome.err


def test_empty_marts_make_a_page_too(sample: Built, tmp_path: Path) -> None:
    warehouse = copied(sample, tmp_path / "w")
    tables = ask(warehouse, "select table_name from information_schema.tables where table_schema = 'marts'")
    kept = {"kpi_catalog", "ops_refresh_runs", "ops_reconciliation"}
    change(
        warehouse,
        *(f"delete from marts.{table}" for (table,) in tables if table not in kept),
        "update marts.ops_refresh_runs set as_of = null",
        "update marts.kpi_catalog set is_available = false, unavailable_reason = 'Nothing.'",
    )
    (tmp_path / "out").mkdir()
    page = parsed(written(warehouse, tmp_path / "out"))
    assert "no figure yet" in section(page, "headlines").text
    assert "No alert is open" in section(page, "alerts").text
    assert "Nothing waits" in section(page, "waiting").text


def test_data_too_young_for_a_whole_period_are_shown_as_not_over(sample: Built, tmp_path: Path) -> None:
    warehouse = copied(sample, tmp_path / "w")
    change(warehouse, "delete from marts.kpi_scorecard where is_complete_period")
    (tmp_path / "out").mkdir()
    page = parsed(written(warehouse, tmp_path / "out"))
    card = section(page, "headlines").one("article", data_kpi="tickets_created")
    ((value,),) = ask(
        warehouse,
        "select value from marts.kpi_scorecard where kpi_key = 'tickets_created' and dimension = 'all' "
        "and period_grain = 'week'",
    )
    assert float(card.one("p", class_="big").one("data").attributes["value"]) == value
    assert "not over" in card.text


def test_a_week_without_anything_names_what_was_last_known(sample: Built, tmp_path: Path) -> None:
    """As where a ticket of long ago is touched by a machine, and weeks go by in which nobody writes."""
    warehouse = copied(sample, tmp_path / "w")
    last = (
        "(select max(period_start) from marts.kpi_scorecard where dimension = 'all' and period_grain = '{}')"
    )
    change(
        warehouse,
        "update marts.kpi_scorecard set is_complete_period = true",
        "insert into marts.kpi_scorecard select past.* replace "
        "(kpi_scorecard_id || n as kpi_scorecard_id, period_start + cast(7 * n as integer) as period_start) "
        "from marts.kpi_scorecard as past, range(1, 30) as r(n) "
        "where dimension = 'all' and period_grain = 'week' "
        f"and kpi_key = 'backlog_open' and period_start = {last.format('week')}",
    )
    expected = ask(
        warehouse,
        "select arg_max(value, period_start), max(period_start) from marts.kpi_scorecard "
        "where kpi_key = 'sla_attainment_resolution' and dimension = 'all' and period_grain = 'week'",
    )
    (tmp_path / "out").mkdir()
    page = parsed(written(warehouse, tmp_path / "out"))
    card = section(page, "headlines").one("article", data_kpi="sla_attainment_resolution")
    ((value, start),) = expected
    assert "Nothing was observed in this week" in card.text
    assert f"Last: {100 * value:.1f} % in the week of {start.day} " in card.text
    assert "no change could be tested" in page.text
    assert "There is no account of a change" in section(page, "drivers").text


def test_whoever_opens_the_page_while_it_is_made_sees_a_whole_one(sample: Built, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    make_report(Warehouse(sample.root), out)
    done, torn, looks = threading.Event(), [], 0

    def look() -> None:
        nonlocal looks
        while not done.is_set():
            text = out.read_text(encoding="utf-8")
            looks += 1
            if not text.startswith("<!DOCTYPE html>") or not text.endswith("</html>"):
                torn.append(len(text))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for period in ("month", "day", "week"):
            make_report(Warehouse(sample.root), out, period)
    finally:
        done.set()
        reader.join()
    assert looks > 10 and not torn
