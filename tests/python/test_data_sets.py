"""Data of others, beside the checkout: each publishes, and the figures that come with it come out.

Each set's expected.json was computed from its raw files by SQL of its own. Where a set is absent its tests
skip.
"""

import json
import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

import conftest
from html_page import parsed

# Two in every run: real tickets and replies, and a tree of units without a ticket. The rest: pytest -m truth.
SETS = (
    "thunderbird_2023_2024",
    "nps_bank_timeseries",
    *(
        pytest.param(name, marks=pytest.mark.truth)
        for name in ("onyx_tech_support", "pwc_call_center", "helpdesk_italian")
    ),
)

# Figure of expected.json -> SQL over schema marts. `n` of 0 gives null where the figure is a share or a mean.
_TICKETS = "from marts.ops_reconciliation where raw_table = 'tickets'"
_MEDIAN = "select percentile_cont(0.5) within group (order by {})"
_P90 = "select percentile_cont(0.9) within group (order by {})"
_RESOLVED = "from marts.fct_tickets where is_resolved"
_ANSWERED = "from marts.fct_tickets where first_responded_at is not null"
_CSAT = "from marts.fct_survey_responses where survey_type = 'csat' and is_answered and not is_superseded"
_NPS = "from marts.fct_survey_responses where survey_type = 'nps' and is_answered and not is_superseded"
_FCR = "from marts.fct_tickets where is_fcr_eligible"
FIGURES = {
    "tickets.raw_rows": f"select raw_count {_TICKETS}",
    "tickets.identical_repeats": f"select duplicate_count {_TICKETS}",
    "tickets.superseded": f"select superseded_count {_TICKETS}",
    "tickets.quarantined": f"select quarantined_count {_TICKETS}",
    "tickets.accepted": f"select accepted_count {_TICKETS}",
    "tickets.countable": "select count(*) from marts.fct_tickets",
    "tickets.spam": "select coalesce(sum(excluded_count), 0) from marts.ops_exclusions "
    "where raw_table = 'tickets' and reason = 'spam'",
    "tickets.merged": "select coalesce(sum(excluded_count), 0) from marts.ops_exclusions "
    "where raw_table = 'tickets' and reason = 'merged'",
    "tickets.customers": "select count(distinct customer_id) from marts.fct_tickets",
    "resolution.resolved": f"select count(*) {_RESOLVED}",
    "resolution.ever_resolved": "select count(first_resolved_at) from marts.fct_tickets",
    "resolution.inferred": "select count(*) from marts.fct_tickets where is_resolution_inferred",
    "resolution.unresolved_at_as_of": "select count(*) from marts.fct_tickets where not is_resolved",
    "resolution.mean_seconds": f"select avg(resolution_seconds) {_RESOLVED}",
    "resolution.median_seconds": f"{_MEDIAN.format('resolution_seconds')} {_RESOLVED}",
    "resolution.p90_seconds": f"{_P90.format('resolution_seconds')} {_RESOLVED}",
    "resolution.first_resolution_mean_seconds": "select avg(first_resolution_seconds) from marts.fct_tickets",
    "reopening.reopened_tickets": "select count(*) from marts.fct_tickets where reopen_count > 0",
    "reopening.reopens": "select sum(reopen_count) from marts.fct_tickets "
    "where first_resolved_at is not null",
    "requester_wait.mean_seconds": f"select avg(requester_wait_seconds) {_RESOLVED}",
    "first_response.answered": f"select count(*) {_ANSWERED}",
    "first_response.unanswered": "select count(*) from marts.fct_tickets where first_responded_at is null",
    "first_response.mean_seconds": f"select avg(first_response_seconds) {_ANSWERED}",
    "first_response.median_seconds": f"{_MEDIAN.format('first_response_seconds')} {_ANSWERED}",
    "first_response.p90_seconds": f"{_P90.format('first_response_seconds')} {_ANSWERED}",
    "first_response.min_seconds": f"select min(first_response_seconds) {_ANSWERED}",
    "contacts.interactions": "select count(*) from marts.fct_interactions",
    "contacts.interactions_per_ticket": f"select avg(public_interaction_count) {_RESOLVED}",
    "contacts.contacts_per_ticket": f"select avg(inbound_interaction_count) {_RESOLVED}",
    "handle.interactions_with_handle": "select count(*) from marts.fct_interactions "
    "where is_human and handle_seconds is not null",
    "handle.handle_minutes_per_contact": "select avg(handle_seconds) / 60 from marts.fct_interactions "
    "where is_human",
    "handle.handle_minutes_per_ticket": f"select avg(handle_seconds) / 60 {_RESOLVED}",
    "fcr.eligible": f"select count(*) {_FCR}",
    "fcr.resolved_at_first_contact": f"select count(*) filter (where is_first_contact_resolution) {_FCR}",
    "fcr.fcr_rate": f"select avg(cast(is_first_contact_resolution as integer)) {_FCR}",
    "escalation.escalated_tickets": "select count(*) from marts.fct_tickets where is_escalated",
    "reassignment.assignee_changes": "select coalesce(sum(reassignment_count), 0) from marts.fct_tickets",
    "csat.n": f"select count(*) {_CSAT}",
    "csat.top_box": f"select count(*) filter (where is_top_box) {_CSAT}",
    "csat.csat_score": f"select avg(cast(is_top_box as integer)) {_CSAT}",
    "csat.csat_mean": f"select 1 + 4 * avg(ease_or_satisfaction) {_CSAT}",
    "nps.n": f"select count(*) {_NPS}",
    "nps.promoters": f"select count(*) filter (where nps_group = 'promoter') {_NPS}",
    "nps.passives": f"select count(*) filter (where nps_group = 'passive') {_NPS}",
    "nps.detractors": f"select count(*) filter (where nps_group = 'detractor') {_NPS}",
    "nps.superseded": "select count(*) from marts.fct_survey_responses "
    "where survey_type = 'nps' and is_superseded",
    "nps.nps": "select 100.0 * (count(*) filter (where nps_group = 'promoter') "
    f"- count(*) filter (where nps_group = 'detractor')) / nullif(count(*), 0) {_NPS}",
}
# Figure of expected.json by month -> KPI of the scorecard and its unit in the figure's unit.
MONTHLY = {
    "tickets_created": ("tickets_created", 1),
    "tickets_resolved": ("tickets_resolved", 1),
    "resolution_median_seconds": ("resolution_minutes_median", 60),
    "first_response_median_seconds": ("first_response_minutes_median", 60),
}
# Figure with an interval -> the KPI whose yearly or overall interval has to contain the same arithmetic.
INTERVALS = {"csat": "csat_score", "nps": "nps", "reopening": "reopen_rate", "fcr": "fcr_rate"}


def published(name: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = conftest.SHARED_DATA / name
    if not (folder / "expected.json").exists():
        pytest.skip(f"the data set {name} is not beside the checkout (../shared/data)")
    expected = json.loads((folder / "expected.json").read_text())
    root = tmp_path_factory.mktemp(name)
    as_of = expected["run_with"]["as_of"]
    outcome = conftest.run(
        "refresh", "--raw-dir", folder / "raw", "--warehouse-dir", root, "--as-of", as_of, "--json"
    )
    assert outcome.code == 0, outcome.err
    assert outcome.json()["as_of"] == as_of.split(".")[0] + "Z"
    return root / "published" / "support_kpis.duckdb", expected


@pytest.fixture(scope="module", params=SETS)
def data_set(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """The published file of a data set, and its expected figures; built once."""
    return published(request.param, tmp_path_factory)


def same(found: object, wanted: object) -> bool:
    if found is None or wanted is None:
        return found is None and wanted is None
    return math.isclose(float(str(found)), float(str(wanted)), rel_tol=1e-9, abs_tol=6e-7)


@pytest.mark.slow
def test_expected_figures_come_out(data_set: tuple[Path, dict[str, Any]]) -> None:
    path, expected = data_set
    wrong, checked = [], 0
    with duckdb.connect(str(path), read_only=True) as connection:
        for figure, query in FIGURES.items():
            group, name = figure.split(".")
            row = connection.execute(query).fetchone()
            found = row[0] if row else None
            checked += 1
            if not same(found, expected[group][name]):
                wrong.append((figure, found, expected[group][name]))
    assert wrong == []
    assert checked == len(FIGURES)


@pytest.mark.slow
def test_the_report_names_what_the_set_does_not_carry(data_set: tuple[Path, dict[str, Any]]) -> None:
    path, _ = data_set
    page = parsed((path.parents[1] / "report.html").read_text(encoding="utf-8"))
    with duckdb.connect(str(path), read_only=True) as connection:
        missing = connection.execute(
            "select kpi_name, unavailable_reason from marts.kpi_catalog where not is_available"
        ).fetchall()
    named = [item.text for item in page.one("section", aria_labelledby="every").all("li")]
    assert sorted(named) == sorted(f"{name}: {reason}" for name, reason in missing)
    assert len(named) > 3


@pytest.mark.slow
def test_raw_rows_are_accounted_for(data_set: tuple[Path, dict[str, Any]]) -> None:
    path, expected = data_set
    with duckdb.connect(str(path), read_only=True) as connection:
        found = {
            row[0]: row[1:]
            for row in connection.execute(
                "select raw_table, raw_count, duplicate_count, is_balanced from marts.ops_reconciliation"
            ).fetchall()
        }
    for wanted in expected["raw_rows"]:
        assert found[wanted["raw_table"]] == (wanted["raw_rows"], wanted["identical_repeats"], True), wanted


@pytest.mark.slow
def test_months_of_the_scorecard_come_out(data_set: tuple[Path, dict[str, Any]]) -> None:
    path, expected = data_set
    with duckdb.connect(str(path), read_only=True) as connection:
        found = {
            (row[0], row[1]): row[2]
            for row in connection.execute(
                "select kpi_key, strftime(period_start, '%Y-%m'), value from marts.kpi_scorecard "
                "where period_grain = 'month' and dimension = 'all'"
            ).fetchall()
        }
    wrong = []
    for month in expected["by_month"]:
        for figure, (kpi_key, factor) in MONTHLY.items():
            value = found.get((kpi_key, month["month"]))
            scaled = None if value is None else value * factor
            wanted = month[figure]
            if wanted == 0 and scaled is None:
                continue  # a count is 0 between its first and last period, and absent beyond
            if not same(scaled, wanted):
                wrong.append((month["month"], figure, scaled, wanted))
    assert wrong == []


@pytest.mark.slow
def test_shares_with_intervals_come_out(data_set: tuple[Path, dict[str, Any]]) -> None:
    """The interval of one long period: that of a year that holds every observation, where there is one."""
    path, expected = data_set
    with duckdb.connect(str(path), read_only=True) as connection:
        for group, kpi_key in INTERVALS.items():
            wanted = expected[group].get("interval_95")
            rows = connection.execute(
                "select sample_size, interval_low, interval_high from marts.kpi_scorecard "
                "where kpi_key = ? and period_grain = 'year' and dimension = 'all'",
                [kpi_key],
            ).fetchall()
            if wanted is None or len(rows) != 1:
                continue
            assert math.isclose(rows[0][1], wanted[0], abs_tol=1e-6), (kpi_key, rows, wanted)
            assert math.isclose(rows[0][2], wanted[1], abs_tol=1e-6), (kpi_key, rows, wanted)


@pytest.mark.slow
def test_nps_rolls_up_the_tree(data_set: tuple[Path, dict[str, Any]]) -> None:
    path, expected = data_set
    with duckdb.connect(str(path), read_only=True) as connection:
        found = {
            row[0]: row[1:]
            for row in connection.execute(
                "select member_id, sum(sample_size), 100.0 * sum(numerator) / sum(denominator) "
                "from marts.kpi_scorecard where kpi_key = 'nps' and period_grain = 'year' "
                "and dimension = 'business_unit' group by member_id"
            ).fetchall()
        }
    for wanted in expected["nps_by_business_unit"]:
        count, value = found[wanted["bu"]]
        assert count == wanted["n"]
        assert same(value, wanted["nps"])
    if expected["nps_by_business_unit"]:
        assert found["BANK"][0] == sum(unit["n"] for unit in expected["nps_by_business_unit"])
