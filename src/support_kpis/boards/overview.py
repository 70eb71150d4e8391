"""Overview: how it goes, against the targets, and what stands out."""

from support_kpis.boards.charts import tile, trends
from support_kpis.boards.parts import Board, Column, Dataset, Heading, headlines
from support_kpis.boards.scores import FILTERED, LABELS
from support_kpis.boards.tables import scorecard, table

ALERTS = Dataset(
    "alerts",
    "One row an alert, of what the filters choose.",
    f"""{FILTERED}with {LABELS}

select
    alerts.period_start,
    alerts.period_grain,
    alerts.severity,
    case when alerts.is_open then 'open' else 'over' end as state,
    alerts.kind,
    catalog.kpi_name,
    alerts.dimension,
    alerts.member_name,
    alerts.sample_size,
    alerts.message
from marts.kpi_alerts as alerts
inner join marts.kpi_catalog as catalog on alerts.kpi_key = catalog.kpi_key
where
    true
    {{%- if units or teams or channels or priorities %}}
    and (
        false
        {{%- if units %}}
        or (alerts.dimension = 'business_unit' and alerts.member_id in (
            select business_unit_id from units_within where business_unit in {{{{ units|where_in }}}}
        ))
        {{%- endif %}}
        {{%- if teams %}}
        or (alerts.dimension = 'team' and alerts.member_id in (select team_id from team_labels where team in {{{{ teams|where_in }}}}))
        {{%- endif %}}
        {{%- if channels %}}
        or (alerts.dimension = 'channel' and alerts.member_id in {{{{ channels|where_in }}}})
        {{%- endif %}}
        {{%- if priorities %}}
        or (alerts.dimension = 'priority' and alerts.member_id in {{{{ priorities|where_in }}}})
        {{%- endif %}}
    )
    {{%- endif %}}""",
    (
        Column("period_start", "date", "Period from"),
        Column("period_grain", label="Length"),
        Column("severity", label="Severity"),
        Column("state", label="State"),
        Column("kind", label="Kind"),
        Column("kpi_name", label="KPI"),
        Column("dimension", label="By"),
        Column("member_name", label="Of"),
        Column("sample_size", "number", "n"),
        Column("message", label="What was found"),
    ),
)

OVERVIEW = Board(
    "overview",
    "Overview",
    "The headline KPIs with target, change and whether the change is real, and what stands out.",
    (
        (
            tile("overview_tickets_created", "tickets_created"),
            tile("overview_backlog", "backlog_open"),
            tile(
                "overview_first_response",
                "first_response_business_minutes_median",
                "First reply (opening min)",
            ),
            tile(
                "overview_sla_first_response",
                "sla_attainment_first_response",
                "SLA kept, first reply (%)",
            ),
        ),
        (
            tile("overview_fcr", "fcr_rate", "First contact solved (%)"),
            tile("overview_csat", "csat_score", "CSAT, top box (%)"),
            tile("overview_nps", "nps", "NPS (points)"),
            tile("overview_escalation_rate", "escalation_rate"),
        ),
        (
            scorecard(
                "overview_headlines",
                "Headline KPIs: last whole period, target, change, and whether the change is real",
                headlines(),
                width=12,
                height=72,
            ),
        ),
        (
            trends(
                "overview_flow",
                {"tickets_created": "created", "tickets_resolved": "resolved", "backlog_open": "open"},
                "Tickets created, resolved and open (count)",
                width=5,
                height=50,
            ),
            table(
                "overview_alerts",
                "Alerts: what left its own past (days and weeks, newest first)",
                ALERTS,
                ("period_start", "severity", "state", "message"),
                order=[("period_start", False)],
                width=7,
                height=50,
                words="Spikes, drops, creeps, silence and missed targets of every KPI and member; at most 5 % of the alerts of a period "
                "are false discoveries. A filter shows the alerts of the members that it names.",
                filters=("time", "unit", "team", "channel", "priority"),
            ),
        ),
        Heading(
            "A figure is that of the last whole period in the time range. *n < 30* and *period not over* mark what to read with care. "
            "With several filters at once figures are added up from their parts, without interval, verdict and median.",
            height=9,
        ),
    ),
)
