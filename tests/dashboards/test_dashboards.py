"""The dashboards in a real browser, over a real refresh: no chart fails, filters give what SQL gives, nothing leaves the machine."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import PROJECT, Filters, Published, Served, Viewer
from support_kpis.boards.all_boards import BOARDS
from support_kpis.boards.parts import Board

SCREENS = PROJECT / "target" / "screenshots"
PIXEL = "https://" + "apachesuperset.gateway.scarf.sh/"


def day(value: Any) -> str:
    """The day of a chart's x value: Superset gives instants as milliseconds."""
    return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d")


def course(rows: list[dict[str, Any]], label: str) -> dict[str, float]:
    """A line of a chart: day to value, without what is empty."""
    return {day(row["period_start"]): row[label] for row in rows if row[label] is not None}


def title_of(name: str) -> str:
    return next(chart.title for board in BOARDS for chart in board.charts if chart.name == name)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_a_dashboard_shows_every_chart(viewer: Viewer, board: Board) -> None:
    looked = viewer.open(board.slug)
    assert not looked.failures
    assert set(looked.answers) == {chart.title for chart in board.charts}
    empty = [title for title, rows in looked.answers.items() if not rows]
    assert not empty
    SCREENS.mkdir(parents=True, exist_ok=True)
    viewer.page.wait_for_timeout(1500)  # lines are drawn slowly
    viewer.page.screenshot(path=SCREENS / f"dashboard-{board.slug}.png")
    assert viewer.page.get_by_text("No results were returned").count() == 0


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_all_filters_at_once_break_no_chart(viewer: Viewer, board: Board) -> None:
    looked = viewer.open(
        board.slug,
        {
            "period": ["quarter"],
            "time": ["2024-01-01 : 2025-01-01"],
            "unit": ["Meridian Holdings"],
            "team": ["Europe front desk"],
            "channel": ["email"],
            "priority": ["normal"],
        },
    )
    assert not looked.failures


def test_without_a_filter_the_scorecard_is_shown(viewer: Viewer, published: Published) -> None:
    looked = viewer.open("overview")
    table = {row["kpi_name"]: row for row in looked.rows(title_of("overview_headlines"))}
    expected = published.rows(
        """
        with ranked as (
            select catalog.kpi_name, scores.*, rank() over (partition by scores.kpi_key order by period_start desc) as nth
            from marts.kpi_scorecard as scores inner join marts.kpi_catalog as catalog using (kpi_key)
            where period_grain = 'month' and dimension = 'all' and is_complete_period
        )
        select kpi_name, sample_size, target_status, is_significant_change from ranked where nth = 1
        """
    )
    known = {name: rest for name, *rest in expected}
    assert len(table) == 16
    for name, row in table.items():
        sample_size, target_status, is_real = known[name]
        assert row["sample_size"] == sample_size
        assert row["target_words"] == {"met": "✓ met", "missed": "✗ missed", None: ""}[target_status]
        assert ("real" in row["verdict"]) == (is_real is True)
    created = course(looked.rows(title_of("overview_flow")), "created")
    assert created == {
        str(start): value
        for start, value in published.rows(
            "select period_start, value from marts.kpi_scorecard where kpi_key = 'tickets_created' "
            "and period_grain = 'month' and dimension = 'all'"
        )
    }


ONE_MEMBER = [
    ({"team": ["Europe front desk"]}, "team", "team-eu"),
    ({"unit": ["Retail division"]}, "business_unit", "bu-retail"),
    ({"channel": ["email"]}, "channel", "email"),
    ({"priority": ["high"]}, "priority", "high"),
]


@pytest.mark.parametrize(("filters", "dimension", "member"), ONE_MEMBER, ids=lambda value: str(value))
def test_one_filter_shows_that_members_row(
    viewer: Viewer, published: Published, filters: Filters, dimension: str, member: str
) -> None:
    looked = viewer.open("response-and-resolution", {"period": ["quarter"], **filters})
    assert not looked.failures
    rows = looked.rows(title_of("response_fcr"))
    expected = published.rows(
        "select period_start, value, interval_low, interval_high from marts.kpi_scorecard where kpi_key = 'fcr_rate' "
        f"and period_grain = 'quarter' and dimension = '{dimension}' and member_id = '{member}'"
    )
    assert expected
    for label, place in (("Value", 1), ("Value__yhat_lower", 2), ("Value__yhat_upper", 3)):
        assert course(rows, label) == pytest.approx({str(row[0]): row[place] for row in expected})


def test_filters_combine_to_what_the_facts_give(viewer: Viewer, published: Published) -> None:
    """By a second route: from the tickets and answers themselves, not from the parts."""
    chosen: Filters = {"unit": ["Retail division"], "channel": ["email", "web"], "priority": ["normal"]}
    units = "('bu-retail', 'bu-shop-eu', 'bu-shop-us', 'bu-shop-apac')"
    condition = f"tickets.business_unit_id in {units} and tickets.channel in ('email', 'web') and tickets.priority = 'normal'"
    created = published.rows(
        "select cast(date_trunc('month', created_at) as date), count(*) from marts.fct_tickets as tickets "
        f"where {condition} group by all"
    )
    looked = viewer.open("overview", chosen)
    assert course(looked.rows(title_of("overview_flow")), "created") == {
        str(start): count for start, count in created
    }

    answers = published.rows(
        "select cast(date_trunc('month', responded_at) as date), sum(case when is_top_box then 1 else 0 end) / count(*) "
        "from marts.fct_survey_responses as answers inner join marts.fct_tickets as tickets using (ticket_id) "
        f"where survey_type = 'csat' and is_answered and not is_superseded and answers.business_unit_id in {units} "
        "and tickets.channel in ('email', 'web') and tickets.priority = 'normal' group by all"
    )
    shown = course(viewer.open("customer-experience", chosen).rows(title_of("experience_csat")), "Value")
    assert len(shown) > 5
    assert shown == pytest.approx({str(start): rate for start, rate in answers})


def test_two_members_of_a_dimension_are_added_up_and_not_averaged(
    viewer: Viewer, published: Published
) -> None:
    looked = viewer.open("customer-experience", {"team": ["Europe front desk", "America front desk"]})
    shown = course(looked.rows(title_of("experience_nps")), "Value")
    expected = published.rows(
        "select period_start, 100 * sum(numerator) / sum(denominator) from marts.kpi_scorecard where kpi_key = 'nps' "
        "and period_grain = 'month' and dimension = 'team' and member_id in ('team-eu', 'team-us') group by 1"
    )
    assert len(shown) > 5
    assert shown == pytest.approx({str(start): value for start, value in expected})


def test_a_time_range_and_a_length_of_period_choose_the_periods(viewer: Viewer, published: Published) -> None:
    looked = viewer.open("overview", {"period": ["week"], "time": ["2024-05-01 : 2024-07-01"]})
    shown = course(looked.rows(title_of("overview_flow")), "resolved")
    expected = published.rows(
        "select period_start, value from marts.kpi_scorecard where kpi_key = 'tickets_resolved' and dimension = 'all' "
        "and period_grain = 'week' and period_start >= '2024-05-01' and period_start < '2024-07-01'"
    )
    assert len(expected) == 8
    assert shown == {str(start): value for start, value in expected}
    assert {
        day(row["period_start"])
        for row in looked.rows(title_of("overview_headlines"))
        if row["kpi_name"] == "Tickets created"
    } == {"2024-06-24"}


def test_a_filter_set_by_hand_changes_the_figures(viewer: Viewer, published: Published) -> None:
    before = viewer.open("overview")
    assert not before.failures
    page = viewer.page
    page.set_viewport_size({"width": 1280, "height": 900})
    box = page.locator("#NATIVE_FILTER-overview-unit")
    box.wait_for(state="attached", timeout=90_000)
    box.click(force=True)
    page.keyboard.type("Travel div")
    page.locator(".ant-select-item-option[title='Travel division']").click()
    page.keyboard.press("Escape")
    viewer._responses.clear()
    page.locator("[data-test='filter-bar__apply-button']").click()
    viewer._show_all()
    looked = viewer.gather("overview")
    assert not looked.failures
    shown = course(looked.rows(title_of("overview_flow")), "created")
    assert shown != course(before.rows(title_of("overview_flow")), "created")
    expected = published.rows(
        "select period_start, value from marts.kpi_scorecard where kpi_key = 'tickets_created' "
        "and period_grain = 'month' and dimension = 'business_unit' and member_id = 'bu-travel'"
    )
    assert shown == {str(start): value for start, value in expected}


def test_an_older_import_is_replaced_whole(viewer: Viewer) -> None:
    """The warehouse's dashboards were set up from an older version first (see the fixture)."""
    titles = set(viewer._charts("overview").values())
    assert titles == {chart.title for chart in BOARDS[0].charts}
    found = viewer.context.request.get(f"{viewer.served.base}/api/v1/chart/?q=(page_size:200)").json()[
        "result"
    ]
    assert not {"Of an older version", "Gone since"} & {chart["slice_name"] for chart in found}


def test_the_password_is_kept_from_others(served: Served, chromium: Any) -> None:
    assert stat.S_IMODE((served.home / "sign-in.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(served.home.stat().st_mode) == 0o700
    assert served.password not in served.said  # it was no terminal
    stranger = chromium.new_context()
    page = stranger.new_page()
    page.goto(f"{served.base}/superset/dashboard/overview/")
    assert "/login" in page.url
    stranger.close()


def test_the_marts_are_read_only(viewer: Viewer, published: Published) -> None:
    page = viewer.page
    token = viewer.context.request.get(f"{viewer.served.base}/api/v1/security/csrf_token/").json()["result"]
    databases = viewer.context.request.get(f"{viewer.served.base}/api/v1/database/").json()["result"]
    assert [database["database_name"] for database in databases] == ["Support KPIs"]
    for statement in (
        "create table marts.mine as select 1 as one",
        "select * from read_text('/etc/hostname')",
    ):
        answer = viewer.context.request.post(
            f"{viewer.served.base}/api/v1/sqllab/execute/",
            data={"database_id": databases[0]["id"], "sql": statement, "schema": "marts", "runAsync": False},
            headers={"X-CSRFToken": token, "Referer": page.url},
        )
        assert answer.status >= 400, answer.text()
    assert not published.rows("select 1 from information_schema.tables where table_name = 'mine'")


def test_nothing_outside_this_machine_was_asked_for(viewer: Viewer) -> None:
    """Superset's own pixel stands in its pages; the policy they come with keeps the browser from ever asking for it."""
    viewer.open("overview")
    assert not [address for address in viewer.outside if not address.startswith(PIXEL)]
    page = viewer.context.new_page()
    let_through: list[str] = []
    page.on("response", lambda response: let_through.append(response.url))
    blocked: list[str] = []
    page.on("requestfailed", lambda request: blocked.append(f"{request.url} {request.failure}"))
    page.goto(f"{viewer.served.base}/superset/dashboard/overview/")
    page.wait_for_timeout(5000)
    assert all(address.startswith((viewer.served.base, "data:", "blob:")) for address in let_through)
    assert all(reason.endswith(" csp") for reason in blocked if reason.startswith("https:"))
    page.close()


def test_screens_were_kept() -> None:
    for board in BOARDS:
        path = Path(SCREENS / f"dashboard-{board.slug}.png")
        assert path.stat().st_size > 50_000
