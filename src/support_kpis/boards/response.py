"""Response and resolution: how long it takes, what was promised, and what is still open."""

from support_kpis.boards.charts import bars, metric, trend, trends, where
from support_kpis.boards.parts import Board, Column, Dataset
from support_kpis.boards.scores import BY_CHANNEL, BY_PRIORITY, BY_TEAM, FILTERED, LABELS, TICKET_CONDITIONS
from support_kpis.boards.tables import members_table, scorecard

# How old an open ticket may be for its band, in days, and how a chart says it.
_BANDS = ((1, "1: < 1 day"), (3, "2: 1–3"), (7, "3: 3–7"), (30, "4: 7–30"), (90, "5: 30–90"))
_BAND_SQL = "\n".join(f"            when age_days < {days} then '{words}'" for days, words in _BANDS)

OPEN_TICKETS = Dataset(
    "open_tickets",
    "One row a ticket that is open at as_of, of what the filters choose, with its age.",
    f"""{FILTERED}with {LABELS},

aged as (
    select
        tickets.ticket_id,
        coalesce(tickets.priority, 'unknown') as priority_level,
        tickets.status,
        extract(epoch from (runs.as_of - tickets.created_at)) / 86400 as age_days
    from marts.fct_tickets as tickets
    cross join (select max(as_of) as as_of from marts.ops_refresh_runs where status = 'published') as runs
    where not tickets.is_resolved{TICKET_CONDITIONS}
)

select
    ticket_id,
    priority_level,
    status,
    age_days,
    case
{_BAND_SQL}
        else '6: > 90 days'
    end as age_band
from aged""",
    (
        Column("ticket_id", label="Ticket"),
        Column("priority_level", label="Priority"),
        Column("status", label="Status"),
        Column("age_days", "number", "Age (days)"),
        Column("age_band", label="Age"),
    ),
)

RESPONSE = Board(
    "response-and-resolution",
    "Response and resolution",
    "How long customers wait, by the calendar and within opening hours; promises kept; what is open, and how old it is.",
    (
        (
            trend(
                "response_first_business",
                "first_response_business_minutes_median",
                "First response, median, opening hours only (minutes)",
            ),
            trends(
                "response_first_clocks",
                {
                    "first_response_minutes_median": "median, calendar",
                    "first_response_minutes_p90": "90th pct., calendar",
                    "first_response_business_minutes_p90": "90th pct., opening hours",
                },
                "First response: calendar and opening hours (minutes)",
            ),
        ),
        (
            trend(
                "response_resolution_business",
                "resolution_business_minutes_median",
                "Resolution, median, opening hours only (minutes)",
            ),
            trends(
                "response_resolution_clocks",
                {
                    "resolution_minutes_median": "solved tickets only",
                    "resolution_minutes_km_median": "open tickets in view",
                },
                "Resolution, median, calendar (minutes)",
            ),
        ),
        (
            trends(
                "response_sla",
                {
                    "sla_attainment_first_response": "first response",
                    "sla_attainment_next_response": "next response",
                    "sla_attainment_resolution": "resolution",
                },
                "SLA: promises kept (% of those decided)",
            ),
            bars(
                "response_sla_counts",
                "SLA: first responses kept and broken (count)",
                BY_PRIORITY,
                "member",
                [
                    metric("kept", "max(numerator)"),
                    metric("broken", "max(denominator - numerator)"),
                ],
                number_format=",d",
                filters_of_chart=[where("kpi_key", ["sla_attainment_first_response"])],
                stacked=True,
                kpi_keys=("sla_attainment_first_response",),
                words="By priority, in the last whole period within the time range.",
            ),
        ),
        (
            trend(
                "response_backlog",
                "backlog_open",
                "Open tickets at the end of the period (count)",
                has_band=False,
            ),
            bars(
                "response_backlog_age",
                "Open tickets by age in days, at the last refresh (count)",
                OPEN_TICKETS,
                "age_band",
                [metric("open tickets", "count(*)")],
                number_format=",d",
                groupby=["priority_level"],
                stacked=True,
                words="Tickets unsolved at as_of, by the time since they were created, stacked by priority. Team: that at creation.",
                filters=("unit", "team", "channel", "priority"),
            ),
        ),
        (
            members_table(
                "response_first_by_team",
                "First response by team, mean, opening hours only (minutes)",
                BY_TEAM,
                "first_response_business_minutes_mean",
                height=48,
            ),
            members_table(
                "response_resolution_by_channel",
                "Resolution by channel, mean, calendar (minutes)",
                BY_CHANNEL,
                "resolution_minutes_mean",
                height=48,
            ),
        ),
        (
            trend("response_fcr", "fcr_rate"),
            trends(
                "response_reopen",
                {"reopen_rate": "reopened", "escalation_rate": "escalated"},
                "Reopened and escalated tickets (%)",
            ),
        ),
        (
            scorecard(
                "response_further",
                "Further figures of response and resolution: last whole period, target and change",
                (
                    "first_response_minutes_mean",
                    "resolution_minutes_p90",
                    "resolution_minutes_km_p90",
                    "resolution_business_minutes_mean",
                    "resolution_business_minutes_p90",
                    "first_resolution_minutes_mean",
                    "requester_wait_minutes_mean",
                    "fcr_net_rate",
                    "bot_resolution_rate",
                ),
                width=12,
                height=52,
            ),
        ),
    ),
)
