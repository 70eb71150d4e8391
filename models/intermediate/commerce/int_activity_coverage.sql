-- What activity is judged by (subscriptions, or orders where the input has none) and from when to when the input says it.
with subscriptions as (
    select min(started_on) as first_started_on
    from {{ ref('int_subscriptions_held') }}
),

orders as (
    select min(ordered_at) as first_ordered_at
    from {{ ref('int_orders_valued') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

coverage as (
    select
        subscriptions.first_started_on is not null as is_by_subscription,
        subscriptions.first_started_on,
        -- Before the window has passed once, an order from before the first one could still make a customer active.
        {{ plus_days('orders.first_ordered_at', setting_in_days('activity_window_days')) }} as first_window_ended_at,
        as_of.as_of,
        {{ reporting_date('as_of.as_of') }} as as_of_date
    from subscriptions
    cross join orders
    cross join as_of
)

select * from coverage
