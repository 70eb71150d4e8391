"""The report as a person meets it: opened from disk, read, walked through with the keyboard, printed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from watched import Watched

from support_kpis.layout import Warehouse
from support_kpis.report.make import make_report

HOSTILE = (
    """</script><script>document.title = 'taken'</script><img src=x onerror="document.title = 'taken'">"""
)


@pytest.fixture(scope="session")
def page_file(sample: Path) -> Path:
    """The page that the refresh of the sample left in its warehouse folder."""
    path = sample / "report.html"
    assert path.is_file()
    return path


def test_the_page_opens_from_disk_and_asks_for_nothing(
    page_file: Path, open_page: Callable[..., Watched]
) -> None:
    watched = open_page(page_file.as_uri())
    watched.screenshot("report-1280")
    assert watched.requests == [page_file.as_uri()]
    assert not watched.complaints
    assert watched.page.title().startswith("Support report, week of ")


def test_a_reader_sees_the_scorecards_values(
    sample: Path, page_file: Path, open_page: Callable[..., Watched]
) -> None:
    with duckdb.connect(str(sample / "published" / "support_kpis.duckdb"), read_only=True) as connection:
        expected = connection.execute(
            """
            select scorecard.kpi_key, scorecard.value, scorecard.sample_size
            from marts.kpi_scorecard as scorecard
            inner join marts.kpi_catalog as catalog on scorecard.kpi_key = catalog.kpi_key
            where catalog.headline_rank is not null and dimension = 'all' and period_grain = 'week'
            and value is not null and period_start = (
                select max(period_start) from marts.kpi_scorecard
                where dimension = 'all' and period_grain = 'week' and is_complete_period
            )
            """
        ).fetchall()
    watched = open_page(page_file.as_uri())
    assert len(expected) >= 10
    for key, value, n in expected:
        card = watched.page.locator(f"#content article.card[data-kpi={key}]")
        figure = card.locator(".big data")
        assert figure.is_visible()
        assert float(figure.get_attribute("value") or "nan") == value
        assert f"n = {n:,}" in card.inner_text()
        chart = card.locator("svg")
        assert chart.is_visible() and (chart.bounding_box() or {"height": 0})["height"] > 30


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_hangs_over_the_edge(page_file: Path, open_page: Callable[..., Watched], width: int) -> None:
    watched = open_page(page_file.as_uri(), width=width)
    watched.screenshot(f"report-{width}")
    assert watched.page.evaluate("document.documentElement.scrollWidth") == width


def test_axe_finds_nothing_that_keeps_people_out(page_file: Path, open_page: Callable[..., Watched]) -> None:
    watched = open_page(page_file.as_uri())
    # What is folded away has to be sound as well.
    watched.page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")
    found = Axe().run(watched.page).response
    assert len(found["passes"]) > 20
    told = [
        (rule["id"], rule["help"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in found["violations"]
    ]
    assert not told


def test_the_keyboard_reaches_the_tables_behind_the_charts(
    page_file: Path, open_page: Callable[..., Watched]
) -> None:
    watched = open_page(page_file.as_uri())
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.innerText") == "Skip to the headlines"
    watched.page.keyboard.press("Enter")
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    table = watched.page.locator("article.card details table").first
    assert not table.is_visible()
    watched.page.keyboard.press("Enter")
    assert table.is_visible()


def test_it_prints_on_a4_without_what_only_a_screen_can_use(
    page_file: Path, open_page: Callable[..., Watched]
) -> None:
    watched = open_page(page_file.as_uri())
    watched.page.emulate_media(media="print", color_scheme="dark")
    assert not watched.page.locator("nav").is_visible()
    assert not watched.page.locator("summary").first.is_visible()
    assert watched.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    printed = watched.page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in printed or b"/MediaBox [0 0 595" in printed  # A4 in points
    assert 3 <= printed.count(b"/Type /Page\n") <= 12


def test_a_hostile_name_stays_a_name(sample: Path, tmp_path: Path, open_page: Callable[..., Watched]) -> None:
    (tmp_path / "published").mkdir()
    published = tmp_path / "published" / "support_kpis.duckdb"
    shutil.copy(sample / "published" / "support_kpis.duckdb", published)
    name = HOSTILE.replace("'", "''")
    with duckdb.connect(str(published)) as connection:
        connection.execute(f"update marts.kpi_change_drivers set member_name = '{name}'")
        connection.execute(f"update marts.dim_teams set team_name = '{name}'")
        connection.execute(f"update marts.kpi_alerts set message = '{name}'")
    make_report(Warehouse(tmp_path), tmp_path / "report.html")
    watched = open_page((tmp_path / "report.html").as_uri())
    assert watched.page.title().startswith("Support report")
    assert HOSTILE in watched.page.locator("section[aria-labelledby=waiting]").inner_text()
    assert HOSTILE in watched.page.locator("section[aria-labelledby=alerts]").inner_text()
    assert watched.page.locator("script, img").count() == 0
    assert len(watched.requests) == 1 and not watched.complaints
