-- The business unit and segment by which each customer who ever bought is counted; what the input does not know is `unknown`.
with orders as (
    select * from {{ ref('int_orders_valued') }}
),

subscriptions as (
    select * from {{ ref('int_subscriptions_held') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

units as (
    select * from {{ ref('dim_business_units') }}
),

-- Deduplicated on purpose: whoever has orders and subscriptions is one customer.
buyers as (
    select customer_id
    from orders
    union distinct
    select customer_id
    from subscriptions
),

homes as (
    select
        buyers.customer_id,
        coalesce(units.business_unit_id, 'unknown') as business_unit_id,
        coalesce(customers.segment, 'unknown') as segment
    from buyers
    left join customers on buyers.customer_id = customers.customer_id
    left join units on customers.business_unit_id = units.business_unit_id
)

select * from homes
