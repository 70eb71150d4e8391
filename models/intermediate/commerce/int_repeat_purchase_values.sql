-- Repeat purchase rate in the shape of int_kpi_values: a customer counts once in every period with an order, and has bought again if any
-- of these orders has an earlier one, in the period or before.
with orders as (
    select * from {{ ref('fct_orders') }}
),

homes as (
    select * from {{ ref('int_customer_homes') }}
),

members as (
    select * from {{ ref('int_home_members') }}
),

buying_days as (
    select
        customer_id,
        {{ reporting_date('ordered_at') }} as ordered_on,
        max(case when is_repeat_purchase then 1 else 0 end) as has_repeated
    from orders
    group by customer_id, {{ reporting_date('ordered_at') }}
),

buyers as (
    {%- for grain in period_grains() %}
    select
        customer_id,
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'ordered_on') }} as period_start,
        max(has_repeated) as has_repeated
    from buying_days
    group by customer_id, {{ period_start(grain, 'ordered_on') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

by_home as (
    select
        buyers.period_grain,
        buyers.period_start,
        homes.business_unit_id,
        homes.segment,
        count(*) as buyers_count,
        sum(buyers.has_repeated) as repeaters_count
    from buyers
    inner join homes on buyers.customer_id = homes.customer_id
    group by buyers.period_grain, buyers.period_start, homes.business_unit_id, homes.segment
),

totals as (
    select
        by_home.period_grain,
        by_home.period_start,
        members.dimension,
        members.member_id,
        sum(by_home.buyers_count) as buyers_count,
        sum(by_home.repeaters_count) as repeaters_count
    from by_home
    inner join members
        on
            by_home.business_unit_id = members.business_unit_id
            and by_home.segment = members.segment
    group by by_home.period_grain, by_home.period_start, members.dimension, members.member_id
),

kpi_values as (
    select
        'repeat_purchase_rate' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ as_double('repeaters_count') }} / buyers_count as kpi_value,
        {{ as_double('repeaters_count') }} as numerator,
        {{ as_double('buyers_count') }} as denominator,
        cast(buyers_count as {{ dbt.type_bigint() }}) as sample_size,
        cast(null as {{ type_double() }}) as deviation,
        {{ wilson_bound('repeaters_count', 'buyers_count', 'low') }} as interval_low,
        {{ wilson_bound('repeaters_count', 'buyers_count', 'high') }} as interval_high
    from totals
)

select * from kpi_values
