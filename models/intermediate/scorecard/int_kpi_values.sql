{{ config(materialized=light_view()) }}

-- Every KPI that is made from observations, with value, parts and interval in its published unit.
with definitions as (
    select * from {{ ref('kpi_definitions') }}
    where measure is not null
),

totals as (
    select * from {{ ref('int_kpi_periods_filled') }}
),

quantiles as (
    select * from {{ ref('int_kpi_quantiles') }}
),

scaled as (
    select
        definitions.kpi_key,
        definitions.statistic,
        totals.period_grain,
        totals.period_start,
        totals.dimension,
        totals.member_id,
        totals.observations_count,
        totals.total,
        {{ as_double('definitions.unit_offset') }} as unit_offset,
        {{ as_double('definitions.unit_factor') }} / {{ as_double('definitions.unit_divisor') }} as unit_factor,
        totals.total / {{ as_double('nullif(totals.observations_count, 0)') }} as mean_amount,
        totals.square_mean,
        totals.deviation,
        quantiles.median_amount,
        quantiles.p90_amount,
        quantiles.median_low,
        quantiles.median_high
    from definitions
    inner join totals on definitions.measure = totals.measure
    left join quantiles
        on
            totals.measure = quantiles.measure
            and totals.period_grain = quantiles.period_grain
            and totals.period_start = quantiles.period_start
            and totals.dimension = quantiles.dimension
            and totals.member_id = quantiles.member_id
),

computed as (
    select
        scaled.kpi_key,
        scaled.period_grain,
        scaled.period_start,
        scaled.dimension,
        scaled.member_id,
        case scaled.statistic
            when 'count' then {{ as_double('scaled.observations_count') }}
            when 'sum' then scaled.total * scaled.unit_factor
            when 'median' then scaled.unit_offset + scaled.unit_factor * scaled.median_amount
            when 'p90' then scaled.unit_offset + scaled.unit_factor * scaled.p90_amount
            else scaled.unit_offset + scaled.unit_factor * scaled.mean_amount
        end as kpi_value,
        case
            when scaled.statistic = 'count' then {{ as_double('scaled.observations_count') }}
            when scaled.statistic in ('share', 'nps', 'ratio') then scaled.total
            when scaled.statistic in ('mean', 'sum') then scaled.unit_offset * scaled.observations_count + scaled.unit_factor * scaled.total
        end as numerator,
        case
            when scaled.statistic in ('share', 'nps', 'ratio', 'mean') then {{ as_double('scaled.observations_count') }}
        end as denominator,
        scaled.observations_count as sample_size,
        -- The spread of one observation in the published unit: what the interval and the test of a change rest on.
        case scaled.statistic
            when 'mean' then scaled.unit_factor * scaled.deviation
            when 'ratio' then scaled.unit_factor * scaled.deviation
            when 'nps' then scaled.unit_factor * sqrt(greatest(0.0, scaled.square_mean - scaled.mean_amount * scaled.mean_amount))
        end as deviation,
        case scaled.statistic
            when 'share' then {{ wilson_bound('scaled.total', 'scaled.observations_count', 'low') }}
            when 'median' then scaled.unit_offset + scaled.unit_factor * scaled.median_low
            when 'nps' then scaled.unit_factor * (scaled.mean_amount - {{ nps_reach('scaled.mean_amount', 'scaled.square_mean', 'scaled.observations_count') }})
            when 'mean' then scaled.unit_offset + scaled.unit_factor * (scaled.mean_amount - {{ mean_reach('scaled.deviation', 'scaled.observations_count') }})
            when 'ratio' then scaled.unit_offset + scaled.unit_factor * (scaled.mean_amount - {{ mean_reach('scaled.deviation', 'scaled.observations_count') }})
        end as interval_low,
        case scaled.statistic
            when 'share' then {{ wilson_bound('scaled.total', 'scaled.observations_count', 'high') }}
            when 'median' then scaled.unit_offset + scaled.unit_factor * scaled.median_high
            when 'nps' then scaled.unit_factor * (scaled.mean_amount + {{ nps_reach('scaled.mean_amount', 'scaled.square_mean', 'scaled.observations_count') }})
            when 'mean' then scaled.unit_offset + scaled.unit_factor * (scaled.mean_amount + {{ mean_reach('scaled.deviation', 'scaled.observations_count') }})
            when 'ratio' then scaled.unit_offset + scaled.unit_factor * (scaled.mean_amount + {{ mean_reach('scaled.deviation', 'scaled.observations_count') }})
        end as interval_high
    from scaled
)

select * from computed
