-- Every order that counts, in the reporting currency at the rate of its local day.
with orders as (
    select
        *,
        {{ reporting_date('ordered_at') }} as ordered_on
    from {{ ref('int_orders_gated') }}
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

-- Looked up once a day and currency, not once an order.
order_days as (
    select
        currency,
        ordered_on
    from orders
    where currency is not null
    group by currency, ordered_on
),

rates_in_force as (
    select
        order_days.currency,
        order_days.ordered_on,
        rates.rate
    from order_days
    inner join rates
        on
            order_days.currency = rates.currency
            and rates.valid_from <= order_days.ordered_on
            and order_days.ordered_on < rates.valid_to
),

valued as (
    select
        orders.order_id,
        coalesce(customers.published_customer_id, orders.customer_id) as customer_id,
        orders.ordered_at,
        {{ in_reporting_currency('(orders.amount - orders.refunded_amount)', 'orders.currency', 'rates_in_force.rate') }} as net_amount
    from orders
    cross join as_of
    left join rates_in_force
        on
            orders.currency = rates_in_force.currency
            and orders.ordered_on = rates_in_force.ordered_on
    left join customers on orders.customer_id = customers.customer_id
    where orders.ordered_at <= as_of.as_of
)

select * from valued
