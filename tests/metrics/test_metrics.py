"""Every metric, asked of MetricFlow, is what the scorecard says: by month, team and all else they share."""

import math
from typing import Any

import pytest

from conftest import Metrics, Scorecard

TOLERANCE = 1e-9
# Ways to a dimension's member, the metric's own first. Where a ticket is asked, it says what holds for it.
WAYS = {
    "team": ["team__team_id"],
    "agent": ["agent__agent_id"],
    "channel": ["interaction__channel", "ticket__channel"],
    "priority": ["backlog_day__priority", "ticket__priority"],
    "topic": ["topic__topic_id", "ticket__topic__topic_id"],
    "segment": ["survey__segment", "ticket__segment", "customer__segment"],
}
UNITS = ["business_unit", "ticket__business_unit", "team__business_unit", "customer__business_unit"]
# What a metric cannot be cut by although the scorecard has it: docs/metrics.md says why.
NOT_CUT = {
    "backlog_open": {"business_unit", "agent", "channel", "topic", "segment"},
    "interactions_per_ticket": {"channel"},
}
# By these the scorecard has no row for surveys that are not about a ticket.
ONLY_OF_TICKETS = {"team", "agent", "channel", "priority", "topic"}
ABOUT_A_TICKET = "{{ Dimension('survey__is_about_a_ticket') }}"
MONTHS_ONLY = {"customer_retention_rate", "gross_revenue_retention", "net_revenue_retention"}


@pytest.fixture(scope="module")
def kpis(metrics: Metrics, scorecard: Scorecard) -> dict[str, str]:
    """The KPIs that are metrics and that the sample carries, with their unit."""
    found = {key: unit for key, unit in scorecard.kpis().items() if key in metrics.by_name}
    assert len(found) >= 48
    return found


def where_for(metrics: Metrics, kpi: str, dimension: str) -> list[str]:
    """The filter that leaves out surveys without a ticket, where they have no such dimension."""
    of_surveys = "survey__is_about_a_ticket" in metrics.dimensions(kpi)
    return [ABOUT_A_TICKET] if of_surveys and dimension in ONLY_OF_TICKETS else []


def way_to(metrics: Metrics, kpi: str, ways: list[str]) -> str:
    """The first way to a dimension that a metric knows."""
    known = metrics.dimensions(kpi)
    return next(way for way in ways if way in known)


def difference(asked: dict[Any, float], said: dict[Any, float], unit: str) -> str:
    """How two answers differ, in words; empty where they agree. Of a count, zero and nothing are the same."""
    if unit == "count":
        asked, said = ({key: v for key, v in values.items() if v} for values in (asked, said))
    more, less = asked.keys() - said.keys(), said.keys() - asked.keys()
    if more or less:
        return f"only MetricFlow has {list(more)[:3]}, only the scorecard {list(less)[:3]}"
    tolerance = 0.0 if unit == "count" else TOLERANCE
    wrong = [
        (key, value, said[key])
        for key, value in asked.items()
        if not math.isclose(value, said[key], rel_tol=tolerance, abs_tol=tolerance)
    ]
    return f"{len(wrong)} of {len(said)} differ, such as {wrong[0]}" if wrong else ""


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_metrics_are_what_the_scorecard_says_by_period(
    metrics: Metrics, scorecard: Scorecard, kpis: dict[str, str], grain: str
) -> None:
    wrong, compared = {}, 0
    for kpi, unit in kpis.items():
        if kpi in MONTHS_ONLY and grain != "month":
            continue
        said = {start: value for (start, _), value in scorecard.column("value", kpi, grain, "all").items()}
        asked = {key[0]: value for key, value in metrics.ask(kpi, f"metric_time__{grain}").items()}
        compared += len(said)
        if words := difference(asked, said, unit):
            wrong[kpi] = words
    assert compared > 100
    assert not wrong


@pytest.mark.parametrize("dimension", list(WAYS))
def test_metrics_are_what_the_scorecard_says_by_month_and(
    metrics: Metrics, scorecard: Scorecard, kpis: dict[str, str], dimension: str
) -> None:
    wrong, compared = {}, 0
    for kpi, unit in kpis.items():
        said = scorecard.column("value", kpi, "month", dimension)
        if not said or dimension in NOT_CUT.get(kpi, set()):
            continue
        way = way_to(metrics, kpi, WAYS[dimension])
        found = metrics.ask(kpi, "metric_time__month", way, where=where_for(metrics, kpi, dimension))
        asked = {(month, member or "unknown"): value for (month, member), value in found.items()}
        compared += len(said)
        if words := difference(asked, said, unit):
            wrong[kpi] = words
    assert compared > 1000
    assert not wrong


def test_metrics_roll_up_the_tree_of_business_units(
    metrics: Metrics, scorecard: Scorecard, kpis: dict[str, str]
) -> None:
    depths = scorecard.units_by_depth()
    assert max(depths) >= 2
    wrong, compared = {}, 0
    for kpi, unit in kpis.items():
        said = scorecard.column("value", kpi, "month", "business_unit")
        if not said or "business_unit" in NOT_CUT.get(kpi, set()):
            continue
        units_of = way_to(metrics, kpi, [f"{way}__business_unit_id" for way in UNITS])
        of_units = units_of.removesuffix("__business_unit_id")
        asked = {}
        for depth, units in depths.items():
            found = metrics.ask(kpi, "metric_time__month", f"{of_units}__unit_at_depth_{depth}")
            assert {member for _, member in found} - {None} <= units
            asked |= {key: value for key, value in found.items() if key[1]}
        unknown = metrics.ask(kpi, "metric_time__month", f"{of_units}__business_unit_id")
        asked |= {(month, "unknown"): value for (month, unit_id), value in unknown.items() if not unit_id}
        compared += len(said)
        if words := difference(asked, said, unit):
            wrong[kpi] = words
    assert compared > 1000
    assert not wrong


def test_parts_of_rates_are_those_of_the_scorecard(
    metrics: Metrics, scorecard: Scorecard, kpis: dict[str, str]
) -> None:
    wrong, rates = {}, 0
    for kpi in kpis:
        metric = metrics.by_name[kpi]
        if metric.type.value != "ratio":
            continue
        rates += 1
        where = [each.where_sql_template for each in metric.filter.where_filters] if metric.filter else []
        for part in ("numerator", "denominator"):
            name = getattr(metric.type_params, part).name
            asked = metrics.ask(name, "metric_time__month", where=where)
            said = scorecard.column(part, kpi, "month", "all")
            if words := difference(
                {key[0]: v for key, v in asked.items()}, {key[0]: v for key, v in said.items()}, "parts"
            ):
                wrong[kpi, part] = words
    assert rates >= 20
    assert not wrong


def test_saved_queries_give_answers(metrics: Metrics) -> None:
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    saved = metrics.manifest.saved_queries
    assert len(saved) >= 6
    for query in saved:
        answer = metrics.configuration.mf.query(
            MetricFlowQueryRequest.create(saved_query_name=query.name)
        ).result_df
        assert answer.row_count > 5, query.name
        empty = [
            name
            for place, name in enumerate(answer.column_names)
            if all(row[place] is None for row in answer.rows)
        ]
        assert not empty, query.name
