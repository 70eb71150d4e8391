-- Who is active at which local midnight: by the subscriptions that run then, with their amount at the rate of that day; where the
-- input has none, by an order in the window up to then, without an amount.
with boundaries as (
    select * from {{ ref('int_activity_boundaries') }}
),

subscriptions as (
    select * from {{ ref('int_subscriptions_held') }}
),

rates as (
    select * from {{ ref('int_exchange_rate_spans') }}
),

orders as (
    select * from {{ ref('int_orders_valued') }}
),

running as (
    select
        subscriptions.customer_id,
        boundaries.boundary_on,
        subscriptions.monthly_amount,
        subscriptions.currency
    from subscriptions
    inner join boundaries
        on
            subscriptions.started_on <= boundaries.boundary_on
            and boundaries.boundary_on < subscriptions.ended_on
),

-- Looked up once a midnight and currency, not once a subscription.
rates_in_force as (
    select
        rates.currency,
        boundaries.boundary_on,
        rates.rate
    from boundaries
    inner join rates
        on
            rates.valid_from <= boundaries.boundary_on
            and boundaries.boundary_on < rates.valid_to
),

valued as (
    select
        running.customer_id,
        running.boundary_on,
        {{ in_reporting_currency('running.monthly_amount', 'running.currency', 'rates_in_force.rate') }} as amount
    from running
    left join rates_in_force
        on
            running.currency = rates_in_force.currency
            and running.boundary_on = rates_in_force.boundary_on
),

active as (
    select
        customer_id,
        boundary_on,
        -- A subscription in a currency without a rate has an amount that nobody knows.
        case when count(amount) = count(*) then cast(sum(amount) as decimal(38, 14)) end as amount
    from valued
    group by customer_id, boundary_on
    union all
    select
        orders.customer_id,
        boundaries.boundary_on,
        cast(null as decimal(38, 14)) as amount
    from orders
    inner join boundaries
        on
            orders.ordered_at <= boundaries.boundary_at
            and boundaries.boundary_at < {{ plus_days('orders.ordered_at', setting_in_days('activity_window_days')) }}
    where not boundaries.is_by_subscription
    group by orders.customer_id, boundaries.boundary_on
)

select * from active
