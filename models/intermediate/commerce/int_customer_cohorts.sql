-- The month in which each customer was first active, where that month is covered, with the amount of the first day.
with subscriptions as (
    -- One that ends on the day it starts is never active.
    select * from {{ ref('int_subscriptions_held') }}
    where started_on < ended_on
),

orders as (
    select * from {{ ref('int_orders_valued') }}
),

rates as (
    select * from {{ ref('int_exchange_rate_spans') }}
),

coverage as (
    select * from {{ ref('int_activity_coverage') }}
),

months as (
    select period_start
    from {{ ref('int_activity_periods') }}
    where period_grain = 'month'
),

first_days as (
    select
        customer_id,
        min(started_on) as first_active_on
    from subscriptions
    group by customer_id
    union all
    select
        orders.customer_id,
        min({{ reporting_date('orders.ordered_at') }}) as first_active_on
    from orders
    cross join coverage
    where not coverage.is_by_subscription
    group by orders.customer_id
),

-- Looked up once a day and currency, not once a subscription.
start_days as (
    select
        currency,
        started_on
    from subscriptions
    where currency is not null
    group by currency, started_on
),

rates_in_force as (
    select
        start_days.currency,
        start_days.started_on,
        rates.rate
    from start_days
    inner join rates
        on
            start_days.currency = rates.currency
            and rates.valid_from <= start_days.started_on
            and start_days.started_on < rates.valid_to
),

begun as (
    select
        subscriptions.customer_id,
        {{ in_reporting_currency('subscriptions.monthly_amount', 'subscriptions.currency', 'rates_in_force.rate') }} as amount
    from first_days
    inner join subscriptions
        on
            first_days.customer_id = subscriptions.customer_id
            and first_days.first_active_on = subscriptions.started_on
    left join rates_in_force
        on
            subscriptions.currency = rates_in_force.currency
            and subscriptions.started_on = rates_in_force.started_on
),

first_amounts as (
    select
        customer_id,
        case when count(amount) = count(*) then cast(sum(amount) as decimal(38, 14)) end as amount
    from begun
    group by customer_id
),

cohorts as (
    select
        first_days.customer_id,
        months.period_start as cohort_month,
        {{ month_number('months.period_start') }} as cohort_month_number,
        first_amounts.amount as first_amount
    from first_days
    inner join months on {{ period_start('month', 'first_days.first_active_on') }} = months.period_start
    left join first_amounts on first_days.customer_id = first_amounts.customer_id
)

select * from cohorts
