-- Every customer and covered period at whose start or end the customer was active. One who is not active pays nothing; the amounts are
-- null where activity is judged by orders or where a currency has no rate.
with periods as (
    select * from {{ ref('int_activity_periods') }}
),

active as (
    select * from {{ ref('int_customers_active') }}
),

coverage as (
    select is_by_subscription
    from {{ ref('int_activity_coverage') }}
),

ends as (
    select
        periods.period_grain,
        periods.period_start,
        active.customer_id,
        1 as at_start,
        0 as at_end,
        active.amount
    from periods
    inner join active on periods.period_start = active.boundary_on
    union all
    select
        periods.period_grain,
        periods.period_start,
        active.customer_id,
        0 as at_start,
        1 as at_end,
        active.amount
    from periods
    inner join active on periods.period_end = active.boundary_on
),

paired as (
    select
        period_grain,
        period_start,
        customer_id,
        max(at_start) = 1 as is_active_at_start,
        max(at_end) = 1 as is_active_at_end,
        max(case when at_start = 1 then amount end) as known_at_start,
        max(case when at_end = 1 then amount end) as known_at_end
    from ends
    group by period_grain, period_start, customer_id
),

customer_periods as (
    select
        paired.period_grain,
        paired.period_start,
        paired.customer_id,
        paired.is_active_at_start,
        paired.is_active_at_end,
        case
            when paired.is_active_at_start then paired.known_at_start
            when coverage.is_by_subscription then 0
        end as amount_at_start,
        case
            when paired.is_active_at_end then paired.known_at_end
            when coverage.is_by_subscription then 0
        end as amount_at_end
    from paired
    cross join coverage
)

select * from customer_periods
