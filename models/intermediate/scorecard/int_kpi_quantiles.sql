-- Median with its interval and 90th percentile of the measures that are published so, by period and dimension member. Values are
-- gathered by day, and the lists of longer periods are put together out of those of shorter ones.
with definitions as (
    select distinct measure
    from {{ ref('kpi_definitions') }}
    where statistic in ('median', 'p90')
),

observations as (
    select observed.*
    from {{ ref('int_kpi_observations_by_member') }} as observed
    inner join definitions on observed.measure = definitions.measure
),

day_values as (
    select
        measure,
        dimension,
        member_id,
        observed_on as period_start,
        {{ sorted_values('amount') }} as amounts
    from observations
    group by measure, dimension, member_id, observed_on
),
{%- for grain, finer in [('week', 'day'), ('month', 'day'), ('quarter', 'month'), ('year', 'quarter')] %}
{%- set period = period_start(grain, 'period_start') %}

{{ grain }}_values as (
    {{ join_lists(
        finer ~ '_values',
        'measure, dimension, member_id, ' ~ period ~ ' as period_start',
        'measure, dimension, member_id, ' ~ period
    ) }}
),
{%- endfor %}

collected as (
    {%- for grain in period_grains() %}
    select
        measure,
        '{{ grain }}' as period_grain,
        period_start,
        dimension,
        member_id,
        {{ length_of('amounts') }} as observations_count,
        amounts
    from {{ grain }}_values
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

quantiles as (
    select
        measure,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ quantile_of('amounts', 'observations_count', '0.5') }} as median_amount,
        {{ quantile_of('amounts', 'observations_count', '0.9') }} as p90_amount,
        {{ value_at('amounts', median_bound_rank('observations_count', 'low')) }} as median_low,
        {{ value_at('amounts', median_bound_rank('observations_count', 'high')) }} as median_high
    from collected
)

select * from quantiles
