-- Every order that counts, in the reporting currency at the rate of its local day.
with orders as (
    select * from {{ ref('int_orders_gated') }}
    where verdict = 'accepted'
),

rates as (
    select * from {{ ref('int_exchange_rate_spans') }}
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

valued as (
    select
        orders.order_id,
        coalesce(customers.published_customer_id, orders.customer_id) as customer_id,
        orders.ordered_at,
        {{ in_reporting_currency('(orders.amount - orders.refunded_amount)', 'orders.currency', 'rates.rate') }} as net_amount
    from orders
    cross join as_of
    left join rates
        on
            orders.currency = rates.currency
            and rates.valid_from <= {{ reporting_date('orders.ordered_at') }}
            and {{ reporting_date('orders.ordered_at') }} < rates.valid_to
    left join customers on orders.customer_id = customers.customer_id
    where orders.ordered_at <= as_of.as_of
)

select * from valued
