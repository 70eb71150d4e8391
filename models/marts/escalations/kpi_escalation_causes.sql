{%- set causes = ['both', 'swamped', 'kb_gap', 'neither', 'unknown'] -%}
with escalations as (
    select * from {{ ref('fct_escalations') }}
    where is_first
),

members as (
    select
        member_id,
        member_name
    from {{ ref('int_scorecard_members') }}
    where dimension = 'team'
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

placed as (
    select
        {{ reporting_date('escalations.escalated_at') }} as escalated_on,
        coalesce(members.member_id, 'unknown') as team_id,
        escalations.cause
    from escalations
    left join members on escalations.from_team_id = members.member_id
),

periods as (
    {%- for grain in period_grains() %}
    select
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'escalated_on') }} as period_start,
        team_id,
        {%- for cause in causes %}
        sum(case when cause = '{{ cause }}' then 1 else 0 end) as {{ cause }}_count,
        {%- endfor %}
        count(*) as sample_size
    from placed
    group by {{ period_start(grain, 'escalated_on') }}, team_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- Every cause has a row where the team has escalations, so that the five shares add up to one.
by_cause as (
    {%- for cause in causes %}
    select
        period_grain,
        period_start,
        team_id,
        '{{ cause }}' as cause,
        {{ cause }}_count as escalations_count,
        sample_size
    from periods
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

described as (
    select
        {{ stable_key(['by_cause.period_grain', 'by_cause.period_start', 'by_cause.team_id', 'by_cause.cause']) }} as escalation_cause_id,
        by_cause.period_grain,
        by_cause.period_start,
        by_cause.team_id,
        coalesce(members.member_name, 'Unknown') as team_name,
        by_cause.cause,
        by_cause.escalations_count,
        by_cause.sample_size,
        {{ as_double('by_cause.escalations_count') }} / by_cause.sample_size as share,
        {{ wilson_bound('by_cause.escalations_count', 'by_cause.sample_size', 'low') }} as interval_low,
        {{ wilson_bound('by_cause.escalations_count', 'by_cause.sample_size', 'high') }} as interval_high,
        by_cause.sample_size < {{ smallest_sample() }} as is_small_sample,
        {{ period_end('by_cause.period_grain', 'by_cause.period_start') }} <= as_of.as_of_date as is_complete_period
    from by_cause
    cross join as_of
    left join members on by_cause.team_id = members.member_id
),

typed as (
    {{ select_as_contracted('kpi_escalation_causes', 'described') | indent(4) }}
)

select * from typed
