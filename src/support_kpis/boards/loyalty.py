"""Loyalty and revenue: who stays, who buys again, and how that goes with effort and contact."""

from support_kpis.boards.charts import bars, metric, tile, trend, trends
from support_kpis.boards.parts import Board, Column, Dataset
from support_kpis.boards.scores import FILTERED, LABELS, TICKET_CONDITIONS
from support_kpis.boards.tables import heat_map, table

# Customers belong to units, not to teams, channels or priorities.
_UNIT = ("period", "time", "unit")
_TICKETS = ("time", "unit", "team", "channel", "priority")

COHORTS = Dataset(
    "retention_cohorts",
    "One row a month of first activity and age in months.",
    """select
    cohort_month,
    substr(cast(cohort_month as varchar), 1, 7) || ', n ' || cast(customers_count as varchar)
    || case when customers_count < 30 then ' *' else '' end as cohort,
    age_months,
    customers_count,
    retained_count,
    retention_rate,
    case when customers_count < 30 then 'n < 30' else '' end as note
from marts.kpi_retention_cohorts""",
    (
        Column("cohort_month", "date", "First month"),
        Column("cohort", label="Cohort"),
        Column("age_months", "number", "Months since"),
        Column("customers_count", "number", "Customers"),
        Column("retained_count", "number", "Still there"),
        Column("retention_rate", "number", "Share still there"),
        Column("note", label="Mind"),
    ),
)


def _percent(column: str) -> str:
    return f"cast(cast(100 * {column} as decimal(18, 1)) as varchar)"


_OUTCOMES = """case outcome
        when 'bought_within_90_days' then 'bought within 90 days'
        when 'next_nps_promoter_within_90_days' then 'promoter within 90 days'
        when 'new_ticket_within_30_days' then 'new ticket within 30 days'
        when 'active_after_90_days' then 'active after 90 days'
        else outcome
    end"""

EFFORT = Dataset(
    "effort_and_loyalty",
    "One row a band of effort and what customers did next.",
    f"""select
    case effort_band
        when 'low_effort' then '1 low effort' when 'medium_effort' then '2 medium effort' else '3 high effort'
    end as band,
    {_OUTCOMES} as outcome_name,
    {_OUTCOMES} || ': ' || replace(effort_band, '_', ' ') || ', n ' || cast(sample_size as varchar)
    || case when sample_size < 30 then ' *' else '' end as bar_name,
    sample_size,
    outcome_count,
    rate,
    {_percent("interval_low")} || ' % to ' || {_percent("interval_high")} || ' %' as interval_text,
    coalesce({_percent("difference_from_high_effort")} || ' pp (' || {_percent("difference_low")} || ' to '
    || {_percent("difference_high")} || ')', '–') as difference_text,
    case when sample_size < 30 then 'n < 30' else '' end as note
from marts.kpi_effort_loyalty""",
    (
        Column("band", label="Effort"),
        Column("outcome_name", label="What came next"),
        Column("bar_name", label="What came next, effort and n"),
        Column("sample_size", "number", "n"),
        Column("outcome_count", "number", "Did so"),
        Column("rate", "number", "Share"),
        Column("interval_text", label="95 % interval"),
        Column("difference_text", label="Against high effort (95 % interval)"),
        Column("note", label="Mind"),
    ),
)

BY_SUPPORT = Dataset(
    "retention_by_support",
    "One row a period of the chosen length and group of customers by their contact with support.",
    f"""{FILTERED}select
    period_start,
    replace(support_group, '_', ' ') as support_group_name,
    customers_count,
    retained_count,
    retention_rate,
    {_percent("interval_low")} || ' % to ' || {_percent("interval_high")} || ' %' as interval_text,
    case when is_small_sample then 'n < 30' else '' end as note
from marts.kpi_retention_by_support
where period_grain in {{{{ [grain]|where_in }}}}""",
    (
        Column("period_start", "date", "Period from"),
        Column("support_group_name", label="Contact with support"),
        Column("customers_count", "number", "Customers"),
        Column("retained_count", "number", "Stayed"),
        Column("retention_rate", "number", "Share that stayed"),
        Column("interval_text", label="95 % interval"),
        Column("note", label="Mind"),
    ),
)

INFLUENCED = Dataset(
    "influenced_orders",
    "One row an order that came soon after a ticket, with that ticket's channel, of what the filters choose.",
    f"""{FILTERED}with {LABELS}

select
    orders.order_id,
    orders.ordered_on,
    orders.net_amount,
    coalesce(tickets.channel, 'unknown') as ticket_channel,
    coalesce(tickets.priority, 'unknown') as ticket_priority
from marts.fct_orders as orders
inner join marts.fct_tickets as tickets on orders.influencing_ticket_id = tickets.ticket_id
where true{TICKET_CONDITIONS}""",
    (
        Column("order_id", label="Order"),
        Column("ordered_on", "time", "Ordered on"),
        Column("net_amount", "number", "Amount"),
        Column("ticket_channel", label="Channel of the ticket"),
        Column("ticket_priority", label="Priority of the ticket"),
    ),
)

LOYALTY = Board(
    "loyalty-and-revenue",
    "Loyalty and revenue",
    "Who stays and who buys again, cohort by cohort, and how it goes with effort and contact. Goes with is no claim of cause.",
    (
        (
            tile("loyalty_retention", "customer_retention_rate", "Customers kept (%)", filters=_UNIT),
            tile("loyalty_grr", "gross_revenue_retention", "Gross revenue kept (%)", filters=_UNIT),
            tile("loyalty_nrr", "net_revenue_retention", "Net revenue kept (%)", filters=_UNIT),
            tile("loyalty_revenue", "revenue", "Revenue (money)", filters=_UNIT),
        ),
        (
            trend("loyalty_retention_course", "customer_retention_rate", filters=_UNIT),
            trends(
                "loyalty_revenue_retention",
                {"gross_revenue_retention": "gross", "net_revenue_retention": "net"},
                "Revenue kept from customers of the period before (%)",
                filters=_UNIT,
            ),
        ),
        (
            heat_map(
                "loyalty_cohorts",
                "Cohorts: share of customers still there, by month of first activity and months since (%)",
                COHORTS,
                "age_months",
                "cohort",
                metric("Share still there", "max(retention_rate)"),
                number_format=".0%",
                words="Each row is the customers whose first activity was in that month; the cell says which share of them is active so many "
                "months later. * marks cohorts of fewer than 30 customers, which jump; hover for the share.",
                width=12,
                height=64,
                filters=("time",),
            ),
        ),
        (
            trends(
                "loyalty_revenue_course",
                {"revenue": "all orders", "support_influenced_revenue": "within days after a ticket"},
                "Revenue, and what of it came soon after a ticket (reporting currency)",
                filters=_UNIT,
            ),
            trend("loyalty_repeat", "repeat_purchase_rate", filters=_UNIT),
        ),
        (
            bars(
                "loyalty_effort",
                "Effort and loyalty: what customers did after a rated contact (% of answers)",
                EFFORT,
                "bar_name",
                [metric("share", "max(rate)")],
                number_format=".0%",
                horizontal=True,
                height=52,
                words="Answers whose window has closed, by how easy the customer found it. * marks fewer than 30 answers.",
                filters=(),
            ),
            table(
                "loyalty_effort_table",
                "Effort and loyalty: n, interval, and the difference from high effort",
                EFFORT,
                ("outcome_name", "band", "rate", "interval_text", "sample_size", "difference_text", "note"),
                order=[("outcome_name", True), ("band", True)],
                formats={"rate": ".0%"},
                words="Shares with 95 % intervals, and their difference from the answers of high effort.",
                height=52,
                filters=(),
            ),
        ),
        (
            table(
                "loyalty_by_support",
                "Retention by contact with support: share that stayed, newest period first (%)",
                BY_SUPPORT,
                (
                    "period_start",
                    "support_group_name",
                    "customers_count",
                    "retention_rate",
                    "interval_text",
                    "note",
                ),
                order=[("period_start", False), ("support_group_name", True)],
                formats={"retention_rate": ".1%"},
                bars_in=("retention_rate",),
                words="Customers active at the start of the period, by whether they had a ticket in it and how easy they found it.",
                filters=("period", "time"),
            ),
            bars(
                "loyalty_influenced_by_channel",
                "Revenue soon after a ticket, by the ticket's channel (reporting currency)",
                INFLUENCED,
                "ticket_channel",
                [metric("revenue", "sum(net_amount)")],
                number_format=",.0f",
                kpi_keys=("support_influenced_revenue",),
                words="Orders of the time range, by the channel of the ticket they followed. Team: that at the ticket's creation.",
                filters=_TICKETS,
            ),
        ),
    ),
)
