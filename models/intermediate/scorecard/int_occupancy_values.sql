-- Occupancy by period and dimension member, in the shape of int_kpi_values: handle time over shift time of the agent days whose shifts are
-- known. Work without a known handle time counts as none, and where the input has no handle time at all there is no occupancy.
{%- set no_number = 'cast(null as ' ~ type_double() ~ ')' %}
with agent_days as (
    select * from {{ ref('fct_agent_days') }}
    where shift_seconds is not null
),

teams as (
    select
        team_id,
        business_unit_id
    from {{ ref('dim_teams') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

handled as (
    select count(*) as known_count
    from agent_days
    where handle_seconds > 0
),

placed as (
    select
        agent_days.*,
        teams.business_unit_id
    from agent_days
    cross join handled
    left join teams on agent_days.team_id = teams.team_id
    where handled.known_count > 0
),

-- The joins differ by dimension, and the linter takes each of them for a part of the one before.
-- noqa: disable=layout.indent
day_totals as (
    {%- for dimension in ['all', 'business_unit', 'team', 'agent'] %}
    {%- set found = scorecard_member('placed', dimension) %}
    select
        '{{ dimension }}' as dimension,
        {{ found.member }} as member_id,
        placed.date_day,
        sum(coalesce(placed.handle_seconds, 0)) as handle_seconds,
        sum(placed.shift_seconds) as shift_seconds,
        sum(case when placed.shift_seconds > 0 then 1 else 0 end) as agent_days_count
    from placed
    {{ found.join }}
    group by {{ "placed.date_day" if dimension == 'all' else found.member ~ ', placed.date_day' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
-- noqa: enable=layout.indent

totals as (
    {%- for grain in period_grains() %}
    select
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'date_day') }} as period_start,
        dimension,
        member_id,
        cast(sum(handle_seconds) as {{ dbt.type_bigint() }}) as handle_seconds,
        cast(sum(shift_seconds) as {{ dbt.type_bigint() }}) as shift_seconds,
        cast(sum(agent_days_count) as {{ dbt.type_bigint() }}) as agent_days_count
    from day_totals
    group by {{ period_start(grain, 'date_day') }}, dimension, member_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

kpi_values as (
    select
        'occupancy' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ as_double('handle_seconds') }} / shift_seconds as kpi_value,
        {{ as_double('handle_seconds') }} as numerator,
        {{ as_double('shift_seconds') }} as denominator,
        agent_days_count as sample_size,
        {{ no_number }} as deviation,
        {{ no_number }} as interval_low,
        {{ no_number }} as interval_high
    from totals
    -- A period in which nobody was on shift has no occupancy.
    where shift_seconds > 0
)

select * from kpi_values
