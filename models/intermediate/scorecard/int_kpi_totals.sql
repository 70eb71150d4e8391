-- One row a measure, period and dimension member: how many observations, their sum and the sum of their squares, all exact. Days
-- are counted first and longer periods added up from them.
with observations as (
    select * from {{ ref('int_kpi_observations_by_member') }}
),

daily as (
    select
        measure,
        dimension,
        member_id,
        observed_on,
        count(*) as observations_count,
        sum({{ as_wide_integer('amount') }}) as total,
        sum({{ as_wide_integer('amount') }} * {{ as_wide_integer('amount') }}) as squares
    from observations
    group by measure, dimension, member_id, observed_on
),

totals as (
    {%- for grain in period_grains() %}
    select
        measure,
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'observed_on') }} as period_start,
        dimension,
        member_id,
        cast(sum(observations_count) as {{ dbt.type_bigint() }}) as observations_count,
        sum(total) as total,
        sum(squares) as squares
    from daily
    group by measure, {{ period_start(grain, 'observed_on') }}, dimension, member_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from totals
