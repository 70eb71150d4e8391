"""The datasets over the scorecard: one figure a KPI and period, for whatever the filters choose.

No filter of a dimension, or one member of one: the scorecard's own row, with interval, verdict and target. Several at once: numerators
and denominators of kpi_parts are added; such a figure has no interval and no verdict, and a median has none at all.
"""

from __future__ import annotations

from support_kpis.boards.parts import Column, Dataset

# The names by which filters and datasets know each other.
UNIT, TEAM, CHANNEL, PRIORITY = "business_unit", "team", "channel", "priority"

FILTERED = """\
{%- set units = filter_values('business_unit', remove_filter=True) -%}
{%- set teams = filter_values('team', remove_filter=True) -%}
{%- set channels = filter_values('channel', remove_filter=True) -%}
{%- set priorities = filter_values('priority', remove_filter=True) -%}
{%- set grain = (filter_values('period_grain', remove_filter=True) or ['month'])[0] -%}
"""

# Names people choose by: two teams or units of one name are told apart by their ids.
LABELS = """\
team_labels as (
    select
        team_id,
        business_unit_id,
        case when count(*) over (partition by team_name) > 1 then team_name || ' (' || team_id || ')' else team_name end as team
    from marts.dim_teams
    union all
    select 'unknown', 'unknown', 'Unknown'
),

unit_labels as (
    select
        business_unit_id,
        path,
        case
            when count(*) over (partition by business_unit_name) > 1 then business_unit_name || ' (' || business_unit_id || ')'
            else business_unit_name
        end as business_unit
    from marts.dim_business_units
    union all
    select 'unknown', 'unknown', 'Unknown'
),

-- A unit stands for itself and for all units below it.
units_within as (
    select
        below.business_unit_id,
        above.business_unit_id as ancestor_id,
        above.business_unit
    from unit_labels as below
    inner join unit_labels as above
        on below.path = above.path or substr(below.path, 1, length(above.path) + 3) = above.path || ' > '
)"""


def condition(kind: str, column: str) -> str:
    """The Jinja that keeps the rows of the chosen members, or all if none is chosen.

    Args:
        kind: business_unit, team, channel or priority.
        column: SQL of the member's id; null is the unknown one.
    """
    known = f"coalesce({column}, 'unknown')"
    if kind == UNIT:
        inner = "select business_unit_id from units_within where business_unit in {{ units|where_in }}"
        return "{% if units %} and " + known + f" in ({inner})" + "{% endif %}"
    if kind == TEAM:
        inner = "select team_id from team_labels where team in {{ teams|where_in }}"
        return "{% if teams %} and " + known + f" in ({inner})" + "{% endif %}"
    values = {CHANNEL: "channels", PRIORITY: "priorities"}[kind]
    return "{% if " + values + " %} and " + known + " in {{ " + values + "|where_in }}{% endif %}"


def value_words(value: str, unit: str = "unit", sign: bool = False) -> str:
    """SQL of a figure as text with its unit.

    Args:
        value: SQL of the figure.
        unit: SQL of the unit.
        sign: whether a plus is put before what is above zero.
    """
    plus = f"case when {value} > 0 then '+' else '' end || " if sign else ""
    points = "' pp'" if sign else "' %'"

    def rounded(expression: str, places: int) -> str:
        return f"cast(cast({expression} as decimal(18, {places})) as varchar)"

    return f"""{plus}case {unit}
            when 'share' then {rounded(f"100 * {value}", 1)} || {points}
            when 'count' then {rounded(value, 0)}
            when 'money' then {rounded(value, 0)}
            when 'ratio' then {rounded(value, 2)}
            when 'minutes' then case
                when abs({value}) < 120 then {rounded(value, 1)} || ' min'
                when abs({value}) < 2880 then {rounded(f"{value} / 60", 1)} || ' h'
                else {rounded(f"{value} / 1440", 1)} || ' days'
            end
            else {rounded(value, 1)}
        end"""


NOTE = """\
case
            when is_suppressed then 'hidden: too few people'
            when is_small_sample and not is_complete_period then 'n < 30, period not over'
            when is_small_sample then 'n < 30'
            when not is_complete_period then 'period not over'
            else ''
        end"""

_PLAIN = ", ".join(
    f"scores.{name}"
    for name in (
        *("kpi_key", "period_start", "value", "numerator", "denominator", "sample_size", "is_small_sample"),
        *(
            "is_suppressed",
            "is_complete_period",
            "change",
            "is_significant_change",
            "target_value",
            "target_status",
        ),
    )
)

_WORDED = f"""\
worded as (
    select
        %MEMBER%{_PLAIN},
        -- The reach of an interval past the ends of the scale is cut in charts only.
        case when catalog.unit = 'points -100 to 100' then greatest(-100, scores.interval_low) else scores.interval_low end as interval_low,
        case when catalog.unit = 'points -100 to 100' then least(100, scores.interval_high) else scores.interval_high end as interval_high,
        catalog.kpi_name,
        catalog.unit,
        catalog.area,
        catalog.direction,
        case when is_small_sample or not is_complete_period then value end as doubtful_value
    from scores
    inner join marts.kpi_catalog as catalog on scores.kpi_key = catalog.kpi_key
),

told as (
    select
        worded.*,
        coalesce({value_words("value")}, '–') as value_text,
        coalesce({value_words("interval_low")} || ' to ' || {value_words("interval_high")}, '–') as interval_text,
        coalesce({value_words("target_value")}, '–') as target_text,
        coalesce({value_words("change", sign=True)}, '–') as change_text,
        case target_status when 'met' then '✓ met' when 'missed' then '✗ missed' else '' end as target_words,
        case
            when change is null then ''
            when is_significant_change is null then 'not judged'
            when not is_significant_change then '≈ within chance'
            when direction = 'neutral' then '● real'
            when (change > 0) = (direction = 'higher_is_better') then '▲ real, better'
            else '▼ real, worse'
        end as verdict,
        {NOTE} as note
    from worded
)"""


def _worded(member: str = "") -> str:
    return _WORDED.replace("%MEMBER%", member)


_FIELDS = (
    "value, numerator, denominator, sample_size, interval_low, interval_high, is_small_sample, is_suppressed, is_complete_period, "
    "change, is_significant_change, target_value, target_status"
)

_ALL_KINDS = (UNIT, TEAM, CHANNEL, PRIORITY)

# Several filters at once: what adds up is added up.
_ADDED = """\
    select
        parts.kpi_key,
        cast(date_trunc({{ [grain]|where_in }}, parts.date_day) as date) as period_start,
        {MEMBER}
        cast(case
            when sum(parts.denominator) is null then sum(parts.numerator)
            else max(parts.factor) * sum(parts.numerator) / nullif(sum(parts.denominator), 0)
        end as double precision) as value,
        cast(sum(parts.numerator) as double precision) as numerator,
        cast(sum(parts.denominator) as double precision) as denominator,
        cast(sum(parts.sample_size) as bigint) as sample_size,
        cast(null as double precision) as interval_low,
        cast(null as double precision) as interval_high,
        sum(parts.sample_size) < 30 as is_small_sample,
        false as is_suppressed,
        max(ends.is_complete) = 1 as is_complete_period,
        cast(null as double precision) as change,
        cast(null as boolean) as is_significant_change,
        cast(null as double precision) as target_value,
        cast(null as varchar) as target_status
    from marts.kpi_parts as parts
    left join (
        select period_start, max(case when is_complete_period then 1 else 0 end) as is_complete
        from marts.kpi_scorecard
        where period_grain in {{ [grain]|where_in }} and dimension = 'all'
        group by period_start
    ) as ends on cast(date_trunc({{ [grain]|where_in }}, parts.date_day) as date) = ends.period_start
    {JOIN}
    where true{CONDITIONS}
    group by parts.kpi_key, cast(date_trunc({{ [grain]|where_in }}, parts.date_day) as date){GROUP}"""


def _added(member: str = "", join: str = "", group: str = "", cut: str = "") -> str:
    columns = {UNIT: "parts.business_unit_id", TEAM: "parts.team_id", CHANNEL: "parts.channel"}
    conditions = "".join(condition(kind, columns.get(kind, "parts.priority")) for kind in _ALL_KINDS)
    conditions += cut
    if "ancestor_id" in group:
        conditions += condition(UNIT, "members.ancestor_id")
    sql = _ADDED.replace("{MEMBER}", member).replace("{JOIN}", join).replace("{GROUP}", group)
    return sql.replace("{CONDITIONS}", conditions)


_SCORES = f"""\
scores as (
{{%- if units|length + teams|length + channels|length + priorities|length < 2 %}}
    select
        kpi_key,
        period_start,
        {_FIELDS}
    from marts.kpi_scorecard
    where
        period_grain in {{{{ [grain]|where_in }}}}
        {{%- if units %}}
        and dimension = 'business_unit'
        and member_id in (select business_unit_id from unit_labels where business_unit in {{{{ units|where_in }}}})
        {{%- elif teams %}}
        and dimension = 'team'
        and member_id in (select team_id from team_labels where team in {{{{ teams|where_in }}}})
        {{%- elif channels %}}
        and dimension = 'channel'
        and member_id in {{{{ channels|where_in }}}}
        {{%- elif priorities %}}
        and dimension = 'priority'
        and member_id in {{{{ priorities|where_in }}}}
        {{%- else %}}
        and dimension = 'all'
        {{%- endif %}}
{{%- else %}}
{_added()}
{{%- endif %}}
)"""

SCORE_COLUMNS = (
    Column("kpi_key", label="KPI key"),
    Column("kpi_name", label="KPI"),
    Column("unit", label="Unit"),
    Column("area", label="Area"),
    Column("period_start", "date", "Period from"),
    Column("value", "number", "Value"),
    Column("doubtful_value", "number", "Value of a small sample or an unfinished period"),
    Column("numerator", "number", "Numerator"),
    Column("denominator", "number", "Denominator"),
    Column("sample_size", "number", "n"),
    Column("interval_low", "number", "95 % interval, low"),
    Column("interval_high", "number", "95 % interval, high"),
    Column("is_small_sample", "flag", "Small sample"),
    Column("is_complete_period", "flag", "Whole period"),
    Column("change", "number", "Change (number)"),
    Column("target_value", "number", "Target (number)"),
    Column("value_text", label="Value "),
    Column("interval_text", label="95 % interval"),
    Column("target_text", label="Target"),
    Column("target_words", label="Target met"),
    Column("change_text", label="Change"),
    Column("verdict", label="Is the change real?"),
    Column("note", label="Mind"),
)
_NAMES = ",\n    ".join(column.name for column in SCORE_COLUMNS)

SCORES = Dataset(
    "kpi_scores",
    "One row a KPI and period, of what the filters choose.",
    f"{FILTERED}with {LABELS},\n\n{_SCORES},\n\n{_worded()}\n\nselect\n    {_NAMES}\nfrom told",
    SCORE_COLUMNS,
)

_IN_RANGE = """\
{%- set range = get_time_filter('period_start', strftime='%Y-%m-%d', remove_filter=True) -%}
"""
_LATEST = """\
in_range as (
    select
        told.*,
        max(case when is_complete_period then period_start end) over (partition by kpi_key) as last_whole,
        max(period_start) over (partition by kpi_key) as last_start
    from told
    where
        true
        {%- if range.from_expr %} and period_start >= cast('{{ range.from_expr }}' as date){% endif %}
        {%- if range.to_expr %} and period_start < cast('{{ range.to_expr }}' as date){% endif %}
),

latest as (
    select * from in_range
    where period_start = coalesce(last_whole, last_start)
)"""

LATEST = Dataset(
    "kpi_latest",
    "One row a KPI: its last whole period within the time range, of what the filters choose.",
    f"{FILTERED}{_IN_RANGE}with {LABELS},\n\n{_SCORES},\n\n{_worded()},\n\n{_LATEST}\n\nselect\n    {_NAMES}\nfrom latest",
    SCORE_COLUMNS,
)


def by_member(dimension: str) -> Dataset:
    """The KPIs of each member of a dimension in the last whole period within the time range.

    Args:
        dimension: business_unit, team, channel or priority; filters of the others are met by adding up parts.
    """
    others = [kind for kind in _ALL_KINDS if kind != dimension]
    lists = {UNIT: "units", TEAM: "teams", CHANNEL: "channels", PRIORITY: "priorities"}
    own = condition(dimension, "member_id")
    if dimension == UNIT:
        member = "members.ancestor_id as member_id,\n        max(members.business_unit) as member,"
        join = "inner join units_within as members on coalesce(parts.business_unit_id, 'unknown') = members.business_unit_id"
        group = ", members.ancestor_id"
    elif dimension == TEAM:
        member = "coalesce(parts.team_id, 'unknown') as member_id,\n        max(members.team) as member,"
        join = "left join team_labels as members on coalesce(parts.team_id, 'unknown') = members.team_id"
        group = ", coalesce(parts.team_id, 'unknown')"
    else:
        member = f"coalesce(parts.{dimension}, 'unknown') as member_id,\n        coalesce(parts.{dimension}, 'unknown') as member,"
        join = ""
        group = f", coalesce(parts.{dimension}, 'unknown')"
    cut = (
        ""
        if dimension == UNIT
        else f" and parts.{'team_id' if dimension == TEAM else dimension} <> 'not_cut'"
    )
    label = {
        UNIT: "coalesce((select business_unit from unit_labels where business_unit_id = member_id), member_name)",
        TEAM: "coalesce((select team from team_labels where team_id = member_id), member_name)",
    }.get(dimension, "member_id")
    some_others = " or ".join(lists[kind] for kind in others)
    scores = f"""\
scores as (
{{%- if {some_others} %}}
{_added(member, join, group, cut)}
{{%- else %}}
    select
        kpi_key,
        period_start,
        member_id,
        {label} as member,
        {_FIELDS}
    from marts.kpi_scorecard
    where
        period_grain in {{{{ [grain]|where_in }}}}
        and dimension = '{dimension}'{own}
{{%- endif %}}
)"""
    return Dataset(
        f"kpi_by_{dimension}",
        f"One row a KPI and {dimension.replace('_', ' ')}: the last whole period within the time range.",
        f"{FILTERED}{_IN_RANGE}with {LABELS},\n\n{scores},\n\n{_worded('scores.member_id, scores.member, ')},\n\n{_LATEST}\n\n"
        f"select\n    member_id,\n    member,\n    {_NAMES}\nfrom latest",
        (
            Column("member_id", label="Id"),
            Column("member", label=dimension.replace("_", " ").capitalize()),
            *SCORE_COLUMNS,
        ),
    )


BY_UNIT, BY_TEAM, BY_CHANNEL, BY_PRIORITY = (by_member(kind) for kind in _ALL_KINDS)

# What the filters ask of a row of fct_tickets that is called tickets.
TICKET_CONDITIONS = "".join(
    condition(kind, f"tickets.{column}")
    for kind, column in (
        ("business_unit", "business_unit_id"),
        ("team", "team_id"),
        ("channel", "channel"),
        ("priority", "priority"),
    )
)
