"""Team and workload: how busy people are, when there are too few, and why tickets go up a tier."""

from support_kpis.boards.charts import bars, metric, trend, trends
from support_kpis.boards.parts import Board, Column, Dataset
from support_kpis.boards.scores import BY_TEAM, FILTERED, LABELS, condition
from support_kpis.boards.tables import heat_map, members_table, scorecard, table, totals

_TEAMS = ("period", "time", "unit", "team")

_UNIT_AND_TEAM = condition("business_unit", "labels.business_unit_id") + condition("team", "labels.team_id")

AGENTS = Dataset(
    "agent_days",
    "One row an agent and day on which the agent was on shift or worked, of what the filters choose.",
    f"""{FILTERED}with {LABELS}

select
    days.date_day,
    days.agent_id,
    labels.team as team_name,
    days.shift_seconds,
    case when days.shift_seconds is not null then days.handle_seconds end as handle_seconds,
    days.interactions_count,
    days.replies_count,
    days.tickets_resolved_count
from marts.fct_agent_days as days
inner join team_labels as labels on coalesce(days.team_id, 'unknown') = labels.team_id
where true{_UNIT_AND_TEAM}""",
    (
        Column("date_day", "date", "Day"),
        Column("agent_id", label="Agent"),
        Column("team_name", label="Team"),
        Column("shift_seconds", "number", "On shift (s)"),
        Column("handle_seconds", "number", "Handled (s)"),
        Column("interactions_count", "number", "Interactions"),
        Column("replies_count", "number", "Replies"),
        Column("tickets_resolved_count", "number", "Resolved"),
    ),
)

_DAYS = " ".join(
    f"when {number} then '{number} {name}'"
    for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), start=1)
)

STAFFING = Dataset(
    "staffing_by_hour",
    "One row a team and hour of the week, all channels of the team together, of what the filters choose.",
    f"""{FILTERED}with {LABELS},

-- What a team needs and has stands in the row of each of its channels.
hours as (
    select
        staffing.team_id,
        staffing.iso_day_of_week,
        staffing.hour_of_day,
        sum(staffing.arrivals_per_hour) as arrivals_per_hour,
        max(staffing.team_agents_needed) as agents_needed,
        max(staffing.agents_on_shift) as agents_on_shift,
        max(staffing.team_gap) as team_gap
    from marts.kpi_staffing as staffing
    where true{condition("channel", "staffing.channel")}
    group by staffing.team_id, staffing.iso_day_of_week, staffing.hour_of_day
)

select
    labels.team as team_name,
    case hours.iso_day_of_week {_DAYS} end as week_day,
    case when hours.hour_of_day < 10 then '0' else '' end || cast(hours.hour_of_day as varchar) as hour_name,
    hours.arrivals_per_hour,
    hours.agents_needed,
    hours.agents_on_shift,
    hours.team_gap
from hours
inner join team_labels as labels on hours.team_id = labels.team_id
where true{_UNIT_AND_TEAM}""",
    (
        Column("team_name", label="Team"),
        Column("week_day", label="Day"),
        Column("hour_name", label="Hour"),
        Column("arrivals_per_hour", "number", "Contacts an hour"),
        Column("agents_needed", "number", "Needed"),
        Column("agents_on_shift", "number", "On shift"),
        Column("team_gap", "number", "Gap"),
    ),
)

CAUSES = Dataset(
    "escalation_causes",
    "One row a period of the chosen length, team and cause of first escalations, of what the filters choose.",
    f"""{FILTERED}with {LABELS}

select
    causes.period_start,
    labels.team as team_name,
    case causes.cause
        when 'swamped' then 'team swamped'
        when 'kb_gap' then 'no article'
        when 'both' then 'swamped and no article'
        when 'neither' then 'neither'
        else 'not known'
    end as cause_name,
    causes.escalations_count,
    causes.is_complete_period
from marts.kpi_escalation_causes as causes
inner join team_labels as labels on causes.team_id = labels.team_id
where causes.period_grain in {{{{ [grain]|where_in }}}}{_UNIT_AND_TEAM}""",
    (
        Column("period_start", "date", "Period from"),
        Column("team_name", label="Team"),
        Column("cause_name", label="Cause"),
        Column("escalations_count", "number", "Escalations"),
        Column("is_complete_period", "flag", "Whole period"),
    ),
)

GAPS = Dataset(
    "knowledge_gaps",
    "One row a topic: what an article would save.",
    """select
    topic_name,
    case when has_article then 'yes' else 'no' end as has_article_words,
    tickets_count,
    escalations_count,
    repeat_contacts_per_ticket,
    usual_repeat_contacts_per_ticket,
    expected_contacts_saved,
    coalesce(
        cast(cast(interval_low as decimal(18, 0)) as varchar) || ' to ' || cast(cast(interval_high as decimal(18, 0)) as varchar), '–'
    ) as interval_text,
    coalesce(gap_rank, 999) as gap_order,
    case when is_small_sample then 'n < 30' else '' end as note
from marts.kpi_kb_gaps""",
    (
        Column("topic_name", label="Topic"),
        Column("has_article_words", label="Article"),
        Column("tickets_count", "number", "Tickets"),
        Column("escalations_count", "number", "Escalations"),
        Column("repeat_contacts_per_ticket", "number", "Repeat contacts a ticket"),
        Column("usual_repeat_contacts_per_ticket", "number", "Usual with an article"),
        Column("expected_contacts_saved", "number", "Contacts an article would save"),
        Column("interval_text", label="95 % interval"),
        Column("gap_order", "number", "Rank"),
        Column("note", label="Mind"),
    ),
)

_OCCUPANCY = "1.0 * sum(handle_seconds) / nullif(sum(shift_seconds), 0)"

WORKLOAD = Board(
    "team-and-workload",
    "Team and workload",
    "How busy agents are, in which hours people are missing, why tickets escalate, and which articles are missing.",
    (
        (
            trend(
                "workload_occupancy",
                "occupancy",
                "Occupancy (% of shift time)",
                has_band=False,
                has_target=False,
                filters=_TEAMS,
            ),
            trend(
                "workload_handle",
                "handle_minutes_per_contact",
                "Handling time of one contact, mean (minutes), with 95 % interval",
            ),
        ),
        (
            heat_map(
                "workload_gap",
                "Staffing gap by hour of the week: agents needed less agents on shift (people)",
                STAFFING,
                "hour_name",
                "week_day",
                metric("Gap", "sum(team_gap)"),
                number_format="+.1f",
                scheme="blue_white_yellow",
                settings={"show_values": True},
                words="Above zero people are missing, below zero there are more than the contacts take, at the target service level of each "
                "team. Local hours of the team. By Erlang C for phone and chat, by workload for the rest; teams added up.",
                width=12,
                height=46,
                filters=("unit", "team"),
            ),
        ),
        (
            heat_map(
                "workload_arrivals",
                "Contacts that come in, by hour of the week (contacts an hour)",
                STAFFING,
                "hour_name",
                "week_day",
                metric("Contacts an hour", "sum(arrivals_per_hour)"),
                number_format=".2f",
                words="Mean over the weeks that the staffing looks back; local hours of the team.",
                width=12,
                height=40,
                filters=("unit", "team", "channel"),
            ),
        ),
        (
            bars(
                "workload_agents_occupancy",
                "Occupancy by team, over the time range (% of shift time)",
                AGENTS,
                "team_name",
                [metric("occupancy", _OCCUPANCY)],
                number_format=".1%",
                horizontal=True,
                kpi_keys=("occupancy",),
                words="Handled over shift time of the agents whose shifts are known, seconds added up over the time range.",
                filters=("time", "unit", "team"),
                height=52,
            ),
            totals(
                "workload_agents",
                "Agents, over the time range: shift, work and tickets resolved",
                AGENTS,
                ("agent_id", "team_name"),
                [
                    metric("Shift (h)", "sum(shift_seconds) / 3600.0"),
                    metric("Handled (h)", "sum(handle_seconds) / 3600.0"),
                    metric("Occupancy", _OCCUPANCY),
                    metric("Replies", "sum(replies_count)"),
                    metric("Resolved", "sum(tickets_resolved_count)"),
                ],
                formats={"Shift (h)": ",.0f", "Handled (h)": ",.1f", "Occupancy": ".1%"},
                words="Resolved by the agent who held the ticket when it was solved. Counts of work, not of worth: topics and shifts differ.",
                filters=("time", "unit", "team"),
                height=52,
            ),
        ),
        (
            bars(
                "workload_causes",
                "Why tickets go up a tier (first escalations, count)",
                CAUSES,
                "period_start",
                [metric("escalations", "sum(escalations_count)")],
                number_format=",d",
                groupby=["cause_name"],
                stacked=True,
                over_time=True,
                words="A team is swamped if its backlog per agent on shift was unusually high the day before; a topic has a gap if no article was "
                "published when the ticket came. The last period may not be over.",
                filters=_TEAMS,
            ),
            bars(
                "workload_causes_by_team",
                "Why tickets go up a tier, by team, over the time range (count)",
                CAUSES,
                "team_name",
                [metric("escalations", "sum(escalations_count)")],
                number_format=",d",
                groupby=["cause_name"],
                stacked=True,
                horizontal=True,
                words="First escalations, for the team from which the ticket was taken.",
                filters=_TEAMS,
            ),
        ),
        (
            members_table(
                "workload_escalation_by_team",
                "Escalation rate by team (% of tickets created)",
                BY_TEAM,
                "escalation_rate",
                height=52,
            ),
            trends(
                "workload_contacts",
                {
                    "contacts_per_ticket": "contacts of customers",
                    "interactions_per_ticket": "all interactions",
                },
                "Contacts and interactions (per solved ticket)",
                height=52,
                filters=("period", "time", "unit", "team", "priority"),
            ),
        ),
        (
            table(
                "workload_gaps",
                "Knowledge gaps: topics without an article first, by the contacts that one would save",
                GAPS,
                (
                    *(
                        "topic_name",
                        "has_article_words",
                        "tickets_count",
                        "escalations_count",
                        "repeat_contacts_per_ticket",
                    ),
                    *("usual_repeat_contacts_per_ticket", "expected_contacts_saved", "interval_text", "note"),
                ),
                order=[("gap_order", True), ("tickets_count", False)],
                formats={
                    "repeat_contacts_per_ticket": ".2f",
                    "usual_repeat_contacts_per_ticket": ".2f",
                    "expected_contacts_saved": ",.0f",
                },
                words="Topics whose tickets bring more repeat contacts than those of topics with an article, and what an article could save.",
                width=12,
                filters=(),
            ),
        ),
        (
            scorecard(
                "workload_further",
                "Further figures of workload: last whole period, target and change",
                (
                    "handle_minutes_per_ticket",
                    "escalations",
                ),
                width=12,
                height=28,
            ),
        ),
    ),
)
