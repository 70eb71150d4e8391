{{ config(materialized=light_view()) }}

-- The totals, and for counts a zero for every period between the first and the last that has any.
with totals as (
    select * from {{ ref('int_kpi_totals') }}
),

counts as (
    select distinct measure
    from {{ ref('kpi_definitions') }}
    where statistic = 'count'
),

periods as (
    {%- for grain in period_grains() %}
    select distinct
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'date_day') }} as period_start
    from {{ ref('dim_dates') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

counted as (
    select
        totals.measure,
        totals.period_grain,
        totals.period_start,
        totals.dimension,
        totals.member_id
    from totals
    inner join counts on totals.measure = counts.measure
),

series as (
    select
        measure,
        period_grain,
        dimension,
        member_id,
        min(period_start) as first_period,
        max(period_start) as last_period
    from counted
    group by measure, period_grain, dimension, member_id
),

zeros as (
    select
        series.measure,
        series.period_grain,
        periods.period_start,
        series.dimension,
        series.member_id
    from series
    inner join periods
        on
            series.period_grain = periods.period_grain
            and series.first_period < periods.period_start
            and periods.period_start < series.last_period
    left join counted
        on
            series.measure = counted.measure
            and series.period_grain = counted.period_grain
            and periods.period_start = counted.period_start
            and series.dimension = counted.dimension
            and series.member_id = counted.member_id
    where counted.measure is null
),

filled as (
    select * from totals
    union all
    select
        measure,
        period_grain,
        period_start,
        dimension,
        member_id,
        0 as observations_count,
        {{ as_double('0') }} as total,
        cast(null as {{ type_double() }}) as square_mean,
        cast(null as {{ type_double() }}) as deviation
    from zeros
)

select * from filled
