"""Data health: how fresh the marts are, what was not counted and why, and whether everything adds up."""

from typing import Any

from support_kpis.boards.charts import bars, metric
from support_kpis.boards.parts import Board, Chart, Column, Dataset
from support_kpis.boards.scores import FILTERED, LABELS, TICKET_CONDITIONS
from support_kpis.boards.tables import table

_TABLE = ("table",)
_ALL = ("time", "unit", "team", "channel", "priority")

RUNS = Dataset(
    "refresh_runs",
    "One row a refresh, failed ones too.",
    """select
    run_id,
    started_at,
    status,
    extract(epoch from (finished_at - started_at)) as seconds,
    as_of,
    models_count,
    tests_count,
    failures_count,
    warnings_count,
    rows_published,
    message
from marts.ops_refresh_runs""",
    (
        Column("started_at", "time", "Started (UTC)"),
        Column("run_id", label="Run"),
        Column("status", label="Status"),
        Column("seconds", "number", "Seconds"),
        Column("as_of", "time", "Marts speak for (UTC)"),
        Column("models_count", "number", "Models"),
        Column("tests_count", "number", "Tests"),
        Column("failures_count", "number", "Failures"),
        Column("warnings_count", "number", "Warnings"),
        Column("rows_published", "number", "Rows published"),
        Column("message", label="What it said"),
    ),
)

RECONCILIATION = Dataset(
    "reconciliation",
    "One row a raw table: where its rows went.",
    """select
    raw_table,
    raw_count,
    accepted_count,
    duplicate_count,
    superseded_count,
    quarantined_count,
    excluded_count,
    1.0 * accepted_count / nullif(raw_count, 0) as accepted_share,
    case when is_balanced then 'balanced' else '✗ rows are missing' end as balance_words,
    case when is_balanced then 0 else 1 end as unbalanced
from marts.ops_reconciliation""",
    (
        Column("raw_table", label="Raw table"),
        Column("raw_count", "number", "Raw rows"),
        Column("accepted_count", "number", "Accepted"),
        Column("duplicate_count", "number", "Duplicates"),
        Column("superseded_count", "number", "Superseded"),
        Column("quarantined_count", "number", "Quarantined"),
        Column("excluded_count", "number", "Accepted, not counted"),
        Column("accepted_share", "number", "Accepted (share)"),
        Column("balance_words", label="Adds up"),
        Column("unbalanced", "number", "Unbalanced"),
    ),
)

QUARANTINE = Dataset(
    "quarantine",
    "One row a rejected raw row.",
    """select
    raw_table,
    replace(reason, '_', ' ') as reason_words,
    raw_key,
    reason_detail,
    first_seen_run_id,
    first_seen_at
from marts.ops_quarantine""",
    (
        Column("raw_table", label="Raw table"),
        Column("reason_words", label="Reason"),
        Column("raw_key", label="Key"),
        Column("reason_detail", label="What was wrong"),
        Column("first_seen_run_id", label="First in run"),
        Column("first_seen_at", "time", "First seen, as of (UTC)"),
    ),
)

EXCLUSIONS = Dataset(
    "exclusions",
    "One row a raw table and reason for which accepted rows are in no mart.",
    "select\n    raw_table,\n    replace(reason, '_', ' ') as reason_words,\n    excluded_count\nfrom marts.ops_exclusions",
    (
        Column("raw_table", label="Raw table"),
        Column("reason_words", label="Reason"),
        Column("excluded_count", "number", "Rows"),
    ),
)

_PARTS = (
    ("business_unit_id", "business unit"),
    ("team_id", "team"),
    ("channel", "channel"),
    ("priority", "priority"),
    ("topic_id", "topic"),
    ("customer_id", "customer"),
    ("segment", "segment"),
)
_UNIONS = "\nunion all\n".join(
    f"select '{words}' as part, created_on, case when {column} is null then 1 else 0 end as is_missing from tickets"
    for column, words in _PARTS
)

COMPLETENESS = Dataset(
    "ticket_completeness",
    "One row a ticket and part of it that the source may leave out, of what the filters choose.",
    f"""{FILTERED}with {LABELS},

tickets as (
    select * from marts.fct_tickets as tickets
    where true{TICKET_CONDITIONS}
)

{_UNIONS}""",
    (
        Column("part", label="Part"),
        Column("created_on", "time", "Created on"),
        Column("is_missing", "number", "Missing"),
    ),
)

SAMPLES = Dataset(
    "scorecard_samples",
    "One row a dimension: how much of the scorecard of the chosen length of period rests on small samples.",
    f"""{FILTERED}select
    period_start,
    replace(dimension, '_', ' ') as dimension_words,
    case when is_small_sample then 1 else 0 end as is_small
from marts.kpi_scorecard
where period_grain in {{{{ [grain]|where_in }}}} and not is_suppressed""",
    (
        Column("period_start", "date", "Period from"),
        Column("dimension_words", label="By"),
        Column("is_small", "number", "Small sample"),
    ),
)

CATALOG = Dataset(
    "kpi_availability",
    "One row a KPI: whether the input carries it.",
    """select
    kpi_name,
    area,
    unit,
    owner,
    case when is_available then '✓ measured' else '✗ not measured' end as available_words,
    coalesce(unavailable_reason, '') as reason,
    description
from marts.kpi_catalog""",
    (
        Column("kpi_name", label="KPI"),
        Column("area", label="Area"),
        Column("unit", label="Unit"),
        Column("owner", label="Owner"),
        Column("available_words", label="Measured"),
        Column("reason", label="Why not"),
        Column("description", label="What it says"),
    ),
)


def _number(
    name: str,
    title: str,
    dataset: Dataset,
    value: dict[str, Any],
    number_format: str,
    words: str,
    **more: Any,
) -> Chart:
    """One number without a course."""
    params = {
        "metric": value,
        "adhoc_filters": [],
        "y_axis_format": number_format,
        "time_format": "%Y-%m-%d %H:%M",
        "header_font_size": 0.4,
        "subheader_font_size": 0.15,
    }
    return Chart(name, title, dataset, "big_number_total", params, (), words, 3, 18, **more)


HEALTH = Board(
    "data-health",
    "Data health",
    "How fresh the marts are, which rows were not counted and why, whether raw and accepted rows add up, and how refreshes went.",
    (
        (
            _number(
                "health_as_of",
                "Marts speak for (UTC)",
                RUNS,
                metric("as of", "max(case when status = 'published' then as_of end)"),
                ",d",
                "The instant up to which the published marts know: the latest in the input, or the one configured.",
                filters=(),
            ),
            _number(
                "health_quarantined",
                "Quarantined raw rows",
                RECONCILIATION,
                metric("rows", "sum(quarantined_count)"),
                ",d",
                "Raw rows that were rejected, each with its reason.",
                filters=_TABLE,
            ),
            _number(
                "health_accepted",
                "Raw rows accepted (%)",
                RECONCILIATION,
                metric("share", "1.0 * sum(accepted_count) / nullif(sum(raw_count), 0)"),
                ".1%",
                "Accepted over raw rows; duplicates, superseded versions and quarantined rows are the rest.",
                filters=_TABLE,
            ),
            _number(
                "health_unbalanced",
                "Tables that do not add up",
                RECONCILIATION,
                metric("tables", "sum(unbalanced)"),
                ",d",
                "Raw tables whose rows are not all accounted for; must be 0.",
                filters=_TABLE,
            ),
        ),
        (
            bars(
                "health_quarantine_by_reason",
                "Quarantined rows by reason (count)",
                QUARANTINE,
                "reason_words",
                [metric("rows", "count(*)")],
                number_format=",d",
                groupby=["raw_table"],
                stacked=True,
                horizontal=True,
                words="Rejected raw rows by the first reason that holds, stacked by raw table.",
                filters=_TABLE,
                width=5,
                height=60,
            ),
            table(
                "health_reconciliation",
                "Reconciliation: raw = accepted + duplicates + superseded + quarantined (rows)",
                RECONCILIATION,
                (
                    *("raw_table", "raw_count", "accepted_count", "duplicate_count", "superseded_count"),
                    *("quarantined_count", "balance_words"),
                ),
                order=[("raw_table", True)],
                words="Where the rows of each raw table went.",
                filters=_TABLE,
                width=7,
                height=60,
            ),
        ),
        (
            table(
                "health_runs",
                "Refreshes, newest first: what each published, checked and said",
                RUNS,
                (
                    *("started_at", "run_id", "status", "seconds", "as_of", "models_count", "tests_count"),
                    *("failures_count", "warnings_count", "rows_published", "message"),
                ),
                order=[("started_at", False)],
                formats={"seconds": ",.0f"},
                words="Every refresh up to the one that published these marts, failed ones too.",
                width=12,
                height=30,
                filters=("time",),
            ),
        ),
        (
            bars(
                "health_completeness",
                "Tickets without this part (% of tickets)",
                COMPLETENESS,
                "part",
                [metric("missing", "1.0 * sum(is_missing) / nullif(count(*), 0)")],
                number_format=".0%",
                horizontal=True,
                words="What the source does not say goes to the member unknown of the dimension. Team: that at creation.",
                filters=_ALL,
            ),
            bars(
                "health_samples",
                "Figures of the scorecard with n < 30, by dimension (% of figures)",
                SAMPLES,
                "dimension_words",
                [metric("small samples", "1.0 * sum(is_small) / nullif(count(*), 0)")],
                number_format=".0%",
                horizontal=True,
                words="How far down, at this length of period, the data carry a verdict.",
                filters=("period", "time"),
            ),
        ),
        (
            bars(
                "health_exclusions",
                "Accepted, but in no mart: rows by reason (count)",
                EXCLUSIONS,
                "reason_words",
                [metric("rows", "sum(excluded_count)")],
                number_format=",d",
                groupby=["raw_table"],
                stacked=True,
                horizontal=True,
                words="Spam, tests, deleted and merged tickets, and what belongs to them.",
                filters=_TABLE,
            ),
            table(
                "health_catalog",
                "KPIs: what is measured, and why not where it is not",
                CATALOG,
                ("kpi_name", "area", "available_words", "reason", "owner"),
                order=[("available_words", False), ("kpi_name", True)],
                words="From kpi_catalog.",
                filters=(),
            ),
        ),
        (
            table(
                "health_quarantine_rows",
                "Quarantined rows: key and what was wrong",
                QUARANTINE,
                ("raw_table", "raw_key", "reason_words", "reason_detail", "first_seen_run_id"),
                order=[("raw_table", True), ("raw_key", True)],
                rows=10000,
                words="The whole row, without what is personal, stands in ops_quarantine.",
                width=12,
                filters=_TABLE,
            ),
        ),
    ),
    ("period", "time", "unit", "team", "channel", "priority", "table"),
)
