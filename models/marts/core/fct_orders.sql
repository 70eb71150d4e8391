with orders as (
    select * from {{ ref('int_orders_valued') }}
),

tickets as (
    select
        ticket_id,
        customer_id,
        created_at
    from {{ ref('fct_tickets') }}
    where customer_id is not null
),

influences as (
    select
        orders.order_id,
        tickets.ticket_id,
        row_number() over (
            partition by orders.order_id
            order by tickets.created_at desc, {{ bytewise('tickets.ticket_id') }} desc
        ) as rank_from_last
    from orders
    inner join tickets
        on
            orders.customer_id = tickets.customer_id
            and tickets.created_at <= orders.ordered_at
            and orders.ordered_at <= {{ plus_days('tickets.created_at', setting_in_days('influence_window_days')) }}
),

ranked as (
    select
        orders.*,
        -- Two orders in one second are one purchase: neither is earlier.
        orders.ordered_at > min(orders.ordered_at) over (partition by orders.customer_id) as is_repeat_purchase
    from orders
),

credited as (
    select
        ranked.order_id,
        ranked.customer_id,
        ranked.ordered_at,
        {{ reporting_date('ranked.ordered_at') }} as ordered_on,
        ranked.net_amount,
        ranked.is_repeat_purchase,
        influences.ticket_id as influencing_ticket_id
    from ranked
    left join influences
        on
            ranked.order_id = influences.order_id
            and influences.rank_from_last = 1
),

typed as (
    {{ select_as_contracted('fct_orders', 'credited') | indent(4) }}
)

select * from typed
