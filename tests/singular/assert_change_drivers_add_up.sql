-- Protects the account of a change: over the members of each dimension, mix and rate parts must add up to the change of the whole as the
-- scorecard publishes it, and every such change of a rate or mean must be explained by every dimension by which the KPI is cut, but where groups are hidden.
with drivers as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        sum(mix_part + rate_part) as explained_change,
        sum(weight) as weights,
        sum(previous_weight) as previous_weights,
        max(abs(whole_rate) + abs(previous_whole_rate)) as magnitude
    from {{ ref('kpi_change_drivers') }}
    group by kpi_key, period_grain, period_start, dimension
),

wholes as (
    select * from {{ ref('kpi_scorecard') }}
    where
        dimension = 'all'
        and change is not null
),

rates as (
    select kpi_key
    from {{ ref('kpi_definitions') }}
    where statistic in ('share', 'mean', 'ratio', 'nps', 'time_share')
),

cuts as (
    select distinct
        kpi_key,
        dimension
    from {{ ref('kpi_scorecard') }}
    where
        dimension in ('team', 'channel', 'priority', 'topic')
        and not (kpi_key = 'interactions_per_ticket' and dimension = 'channel')
),

-- Small groups of employees are hidden in the scorecard: where one is, now or in the period before, nothing may be told by groups.
hiding as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension
    from {{ ref('kpi_scorecard') }}
    where is_suppressed
    union
    select
        kpi_key,
        period_grain,
        {{ period_end('period_grain', 'period_start') }} as period_start,
        dimension
    from {{ ref('kpi_scorecard') }}
    where is_suppressed
)

select
    wholes.kpi_key,
    wholes.period_grain,
    wholes.period_start,
    cuts.dimension,
    wholes.change,
    drivers.explained_change,
    drivers.weights,
    drivers.previous_weights
from wholes
inner join rates on wholes.kpi_key = rates.kpi_key
inner join cuts on wholes.kpi_key = cuts.kpi_key
left join drivers
    on
        wholes.kpi_key = drivers.kpi_key
        and wholes.period_grain = drivers.period_grain
        and wholes.period_start = drivers.period_start
        and cuts.dimension = drivers.dimension
left join hiding
    on
        wholes.kpi_key = hiding.kpi_key
        and wholes.period_grain = hiding.period_grain
        and wholes.period_start = hiding.period_start
        and cuts.dimension = hiding.dimension
where
    (drivers.kpi_key is null) <> (hiding.kpi_key is not null)
    or abs(wholes.change - drivers.explained_change) > 0.000000001 * (1 + drivers.magnitude)
    or abs(drivers.weights - 1) > 0.000000001
    or abs(drivers.previous_weights - 1) > 0.000000001
