"""Customer experience: what customers say, how sure that is, and what they write about."""

from support_kpis.boards.charts import bars, metric, trend, trends, where
from support_kpis.boards.parts import Board, Column, Dataset
from support_kpis.boards.scores import BY_CHANNEL, BY_TEAM, BY_UNIT, FILTERED, LABELS
from support_kpis.boards.tables import members_table, scorecard, table

_TIMES = ("period", "time")

THEMES = Dataset(
    "comment_themes",
    "One row a period of the chosen length, kind of survey and theme of open answers.",
    f"""{FILTERED}select
    period_start,
    upper(survey_type) as survey,
    replace(theme, '_', ' ') as theme_name,
    comments_count,
    share,
    cast(cast(100 * interval_low as decimal(18, 1)) as varchar) || ' % to '
    || cast(cast(100 * interval_high as decimal(18, 1)) as varchar) || ' %' as interval_text,
    mean_score
from marts.kpi_comment_themes
where period_grain in {{{{ [grain]|where_in }}}}""",
    (
        Column("period_start", "date", "Period from"),
        Column("survey", label="Survey"),
        Column("theme_name", label="Theme"),
        Column("comments_count", "number", "Comments"),
        Column("share", "number", "Share"),
        Column("interval_text", label="95 % interval"),
        Column("mean_score", "number", "Mean score"),
    ),
)

EMPLOYEES = Dataset(
    "employee_satisfaction",
    "One row a KPI of employees, survey round and team, of what the filters choose.",
    f"""{FILTERED}with {LABELS}

select
    scores.wave,
    catalog.kpi_name,
    case scores.dimension when 'all' then 'All' else scores.member_name end as member,
    scores.kpi_key,
    scores.value,
    scores.sample_size,
    case
        when scores.is_suppressed then 'hidden: too few people'
        when scores.sample_size < 30 then 'n < 30'
        else ''
    end as note
from marts.kpi_employee_satisfaction as scores
inner join marts.kpi_catalog as catalog on scores.kpi_key = catalog.kpi_key
where
    {{% if teams %}}scores.dimension = 'team'
    and scores.member_id in (select team_id from team_labels where team in {{{{ teams|where_in }}}})
    {{% elif units %}}scores.dimension = 'business_unit'
    and scores.member_id in (select business_unit_id from unit_labels where business_unit in {{{{ units|where_in }}}})
    {{% else %}}scores.dimension = 'all'
    {{% endif %}}""",
    (
        Column("wave", label="Survey round"),
        Column("kpi_name", label="KPI"),
        Column("kpi_key", label="KPI key"),
        Column("member", label="Of"),
        Column("value", "number", "Value"),
        Column("sample_size", "number", "n"),
        Column("note", label="Mind"),
    ),
)

_GROUPS = ("nps_promoter_share", "nps_passive_share", "nps_detractor_share")

EXPERIENCE = Board(
    "customer-experience",
    "Customer experience",
    "Satisfaction, recommendation and effort with their uncertainty, and the themes of open answers.",
    (
        (
            trend("experience_csat", "csat_score", "CSAT: answers in the top box (%), with 95 % interval"),
            trend("experience_nps", "nps", "NPS (points -100 to 100), with 95 % interval"),
        ),
        (
            bars(
                "experience_nps_groups",
                "NPS: promoters, passives and detractors by business unit (% of answers)",
                BY_UNIT,
                "member",
                [
                    metric("detractors", "max(case when kpi_key = 'nps_detractor_share' then value end)"),
                    metric("passives", "max(case when kpi_key = 'nps_passive_share' then value end)"),
                    metric("promoters", "max(case when kpi_key = 'nps_promoter_share' then value end)"),
                ],
                number_format=".0%",
                filters_of_chart=[where("kpi_key", _GROUPS)],
                stacked=True,
                horizontal=True,
                settings={"truncateYAxis": True, "y_axis_bounds": [0, 1]},
                kpi_keys=_GROUPS,
                words="The last whole period within the time range; a unit stands for all respondents of the units below it too. "
                "The table beside says how many answered.",
                height=52,
            ),
            members_table(
                "experience_nps_by_unit",
                "NPS by business unit (points -100 to 100)",
                BY_UNIT,
                "nps",
                height=52,
            ),
        ),
        (
            trend(
                "experience_ces",
                "ces_mean",
                "Ease (CES, points 1 to 10; 10 is least effort), with 95 % interval",
            ),
            trend(
                "experience_cx",
                "cx_score",
                "Experience score: CSAT, ease and NPS (points 0 to 100)",
                has_band=False,
            ),
        ),
        (
            members_table(
                "experience_csat_by_team",
                "CSAT by team: answers in the top box (%)",
                BY_TEAM,
                "csat_score",
                True,
                height=52,
            ),
            members_table(
                "experience_csat_by_channel",
                "CSAT by channel: answers in the top box (%)",
                BY_CHANNEL,
                "csat_score",
                height=52,
            ),
        ),
        (
            bars(
                "experience_themes",
                "Open answers by theme, over the time range (comments)",
                THEMES,
                "theme_name",
                [metric("comments", "sum(comments_count)")],
                number_format=",d",
                groupby=["survey"],
                stacked=True,
                horizontal=True,
                words="A comment with two themes counts for both. Counts of the periods in the time range are added up.",
                filters=_TIMES,
            ),
            table(
                "experience_theme_shares",
                "Themes: share of the comments of a survey, and the score that came with them",
                THEMES,
                (
                    "period_start",
                    "survey",
                    "theme_name",
                    "comments_count",
                    "share",
                    "interval_text",
                    "mean_score",
                ),
                order=[("period_start", False), ("comments_count", False)],
                rows=10000,
                formats={"share": ".0%", "mean_score": ".1f"},
                words="By period, newest first. The mean score is in the survey's own points (CSAT 1 to 5, CES 1 to 10, NPS 0 to 10, FCR 0 to 1).",
                filters=_TIMES,
            ),
        ),
        (
            trends(
                "experience_response_rate",
                {"csat_response_rate": "CSAT surveys answered"},
                "CSAT surveys answered (% of those sent)",
            ),
            table(
                "experience_employees",
                "Employees: satisfaction (share) and eNPS (points) by survey round",
                EMPLOYEES,
                ("wave", "kpi_name", "member", "value", "sample_size", "note"),
                order=[("wave", False), ("kpi_name", True)],
                formats={"value": ",.2f"},
                kpi_keys=("esat_score", "enps"),
                words="Groups of fewer than five are hidden.",
                filters=("unit", "team"),
            ),
        ),
        (
            scorecard(
                "experience_further",
                "Further figures of surveys: last whole period, target and change",
                (
                    "csat_mean",
                    "fcr_reported_rate",
                ),
                width=12,
                height=28,
            ),
        ),
    ),
)
