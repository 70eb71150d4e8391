-- Retention of customers and of their monthly amounts, by covered period and dimension member, in the shape of int_kpi_values. Customers
-- of whom one of the two amounts is not known stand in neither sum.
with customer_periods as (
    select
        *,
        amount_at_start is not null and amount_at_end is not null as is_amount_known
    from {{ ref('int_customer_periods') }}
    where is_active_at_start
),

homes as (
    select * from {{ ref('int_customer_homes') }}
),

members as (
    select * from {{ ref('int_home_members') }}
),

by_home as (
    select
        customer_periods.period_grain,
        customer_periods.period_start,
        homes.business_unit_id,
        homes.segment,
        count(*) as customers_count,
        sum(case when customer_periods.is_active_at_end then 1 else 0 end) as retained_count,
        sum(case when customer_periods.is_amount_known then 1 else 0 end) as known_count,
        sum(case when customer_periods.is_amount_known then customer_periods.amount_at_start end) as amount_at_start,
        sum(case when customer_periods.is_amount_known then customer_periods.amount_at_end end) as amount_at_end,
        sum(
            case
                when customer_periods.is_amount_known then least(customer_periods.amount_at_start, customer_periods.amount_at_end)
            end
        ) as amount_kept
    from customer_periods
    inner join homes on customer_periods.customer_id = homes.customer_id
    group by
        customer_periods.period_grain,
        customer_periods.period_start,
        homes.business_unit_id,
        homes.segment
),

totals as (
    select
        by_home.period_grain,
        by_home.period_start,
        members.dimension,
        members.member_id,
        sum(by_home.customers_count) as customers_count,
        sum(by_home.retained_count) as retained_count,
        sum(by_home.known_count) as known_count,
        sum(by_home.amount_at_start) as amount_at_start,
        sum(by_home.amount_at_end) as amount_at_end,
        sum(by_home.amount_kept) as amount_kept
    from by_home
    inner join members
        on
            by_home.business_unit_id = members.business_unit_id
            and by_home.segment = members.segment
    group by by_home.period_grain, by_home.period_start, members.dimension, members.member_id
),

{%- set money = [('gross_revenue_retention', 'amount_kept'), ('net_revenue_retention', 'amount_at_end')] %}

kpi_values as (
    select
        'customer_retention_rate' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ as_double('retained_count') }} / customers_count as kpi_value,
        {{ as_double('retained_count') }} as numerator,
        {{ as_double('customers_count') }} as denominator,
        cast(customers_count as {{ dbt.type_bigint() }}) as sample_size,
        cast(null as {{ type_double() }}) as deviation,
        {{ wilson_bound('retained_count', 'customers_count', 'low') }} as interval_low,
        {{ wilson_bound('retained_count', 'customers_count', 'high') }} as interval_high
    from totals
    {%- for kpi_key, kept in money %}
    union all
    select
        '{{ kpi_key }}' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ as_double(kept) }} / nullif({{ as_double('amount_at_start') }}, 0) as kpi_value,
        {{ as_double(kept) }} as numerator,
        {{ as_double('amount_at_start') }} as denominator,
        cast(known_count as {{ dbt.type_bigint() }}) as sample_size,
        cast(null as {{ type_double() }}) as deviation,
        cast(null as {{ type_double() }}) as interval_low,
        cast(null as {{ type_double() }}) as interval_high
    from totals
    where known_count > 0
    {%- endfor %}
)

select * from kpi_values
