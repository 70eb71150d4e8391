-- The dimension members that each customer who ever bought counts for: all, the business unit of its account with every unit above, and
-- the segment. What the input does not know is `unknown`.
with orders as (
    select * from {{ ref('int_orders_valued') }}
),

subscriptions as (
    select * from {{ ref('int_subscriptions_held') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

-- Deduplicated on purpose: whoever has orders and subscriptions is one customer.
buyers as (
    select customer_id
    from orders
    union distinct
    select customer_id
    from subscriptions
),

described as (
    select
        buyers.customer_id,
        customers.business_unit_id,
        customers.segment
    from buyers
    left join customers on buyers.customer_id = customers.customer_id
),

members as (
    select
        customer_id,
        'all' as dimension,
        'all' as member_id
    from described
    union all
    select
        described.customer_id,
        'business_unit' as dimension,
        coalesce(ancestors.ancestor_id, 'unknown') as member_id
    from described
    left join ancestors on described.business_unit_id = ancestors.business_unit_id
    union all
    select
        customer_id,
        'segment' as dimension,
        coalesce(segment, 'unknown') as member_id
    from described
)

select * from members
