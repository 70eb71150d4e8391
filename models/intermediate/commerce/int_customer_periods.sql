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

begun as (
    select
        periods.period_grain,
        periods.period_start,
        at_start.customer_id,
        true as is_active_at_start,
        at_end.customer_id is not null as is_active_at_end,
        at_start.amount as known_at_start,
        at_end.amount as known_at_end
    from periods
    inner join active as at_start on periods.period_start = at_start.boundary_on
    left join active as at_end
        on
            periods.period_end = at_end.boundary_on
            and at_start.customer_id = at_end.customer_id
),

come as (
    select
        periods.period_grain,
        periods.period_start,
        at_end.customer_id,
        false as is_active_at_start,
        true as is_active_at_end,
        cast(null as decimal(38, 14)) as known_at_start,
        at_end.amount as known_at_end
    from periods
    inner join active as at_end on periods.period_end = at_end.boundary_on
    left join active as at_start
        on
            periods.period_start = at_start.boundary_on
            and at_end.customer_id = at_start.customer_id
    where at_start.customer_id is null
),

paired as (
    select * from begun
    union all
    select * from come
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
