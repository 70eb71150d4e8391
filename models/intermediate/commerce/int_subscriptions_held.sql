-- Every accepted subscription on the customer that survived its merges; one that still runs ends at the end of time.
with subscriptions as (
    select * from {{ ref('int_subscriptions_gated') }}
    where verdict = 'accepted'
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

held as (
    select
        subscriptions.subscription_id,
        coalesce(customers.published_customer_id, subscriptions.customer_id) as customer_id,
        subscriptions.started_on,
        coalesce(subscriptions.ended_on, cast({{ end_of_time() }} as date)) as ended_on,
        cast(subscriptions.monthly_amount as decimal(18, 4)) as monthly_amount,
        subscriptions.currency
    from subscriptions
    left join customers on subscriptions.customer_id = customers.customer_id
)

select * from held
