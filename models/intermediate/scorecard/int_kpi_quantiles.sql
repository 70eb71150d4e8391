-- Median with its interval and 90th percentile of the measures that are published so, by period and dimension member.
with definitions as (
    select distinct measure
    from {{ ref('kpi_definitions') }}
    where statistic in ('median', 'p90')
),

observations as (
    select
        observed.*,
        {%- for grain in period_grains() %}
        {{ period_start(grain, 'observed.observed_on') }} as {{ grain }}_start{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_kpi_observations_by_member') }} as observed
    inner join definitions on observed.measure = definitions.measure
),

collected as (
    {%- for grain in period_grains() %}
    select
        measure,
        '{{ grain }}' as period_grain,
        {{ grain }}_start as period_start,
        dimension,
        member_id,
        count(*) as observations_count,
        {{ sorted_values('amount') }} as amounts
    from observations
    group by measure, {{ grain }}_start, dimension, member_id
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
