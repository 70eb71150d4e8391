{%- set window_days = 90 -%}
-- Whether the customer of a CES answer is active when answering and 90 days later: by a subscription on the local day, else by an order
-- in the window up to the instant. Only answers of customers who are active at one of the two.
with answers as (
    select * from {{ ref('int_effort_answers') }}
),

subscriptions as (
    select * from {{ ref('int_subscriptions_held') }}
),

orders as (
    select * from {{ ref('int_orders_valued') }}
),

coverage as (
    select * from {{ ref('int_activity_coverage') }}
),

checks as (
    select
        response_id,
        customer_id,
        0 as is_later,
        responded_at as checked_at
    from answers
    union all
    select
        response_id,
        customer_id,
        1 as is_later,
        {{ plus_days('responded_at', window_days) }} as checked_at
    from answers
),

found_active as (
    select
        checks.response_id,
        checks.is_later
    from checks
    inner join subscriptions
        on
            checks.customer_id = subscriptions.customer_id
            and subscriptions.started_on <= {{ reporting_date('checks.checked_at') }}
            and {{ reporting_date('checks.checked_at') }} < subscriptions.ended_on
    union all
    select
        checks.response_id,
        checks.is_later
    from checks
    cross join coverage
    inner join orders
        on
            checks.customer_id = orders.customer_id
            and orders.ordered_at <= checks.checked_at
            and checks.checked_at < {{ plus_days('orders.ordered_at', setting_in_days('activity_window_days')) }}
    where not coverage.is_by_subscription
),

activity as (
    select
        answers.response_id,
        {{ plus_days('answers.responded_at', window_days) }} as later_at,
        min(found_active.is_later) = 0 as is_active_at_answer,
        max(found_active.is_later) = 1 as is_active_later
    from answers
    inner join found_active on answers.response_id = found_active.response_id
    group by answers.response_id, answers.responded_at
)

select * from activity
