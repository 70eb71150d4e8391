"""A dashboard is open and being reloaded while a refresh publishes: no error on either side, and the next reload shows the new data."""

from pathlib import Path

from test_dashboards import course, title_of

from conftest import Published, Viewer, start


def created(published: Published) -> dict[str, float]:
    rows = published.rows(
        "select period_start, value from marts.kpi_scorecard where kpi_key = 'tickets_created' "
        "and period_grain = 'month' and dimension = 'all'"
    )
    return {str(begin): value for begin, value in rows}


def test_a_reader_sees_old_or_new_figures_and_no_error(
    viewer: Viewer, warehouse: Path, published: Published
) -> None:
    before = created(published)
    # An earlier as_of gives other figures; compared with the last build, the audit would rightly refuse it.
    refresh = start(
        "refresh", "--warehouse-dir", warehouse, "--as-of", "2025-01-15T12:00:00", "--full-refresh"
    )
    shown = []
    while refresh.poll() is None:
        looked = viewer.open("overview")
        assert not looked.failures
        shown.append(course(looked.rows(title_of("overview_flow")), "created"))
    said, _ = refresh.communicate()
    assert refresh.returncode == 0, said
    after = created(published)
    assert max(after) == "2025-01-01" < max(before)
    assert len(shown) >= 2
    assert all(figures in (before, after) for figures in shown)
    looked = viewer.open("overview")
    assert not looked.failures
    assert course(looked.rows(title_of("overview_flow")), "created") == after
