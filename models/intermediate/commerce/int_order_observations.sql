{{ config(materialized='view') }}

-- What is counted of orders, see observed_measures. Money is counted in ten-thousandths, which are whole numbers.
with orders as (
    select * from {{ ref('fct_orders') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

sales as (
    select
        orders.ordered_at,
        orders.net_amount,
        orders.influencing_ticket_id,
        customers.business_unit_id,
        customers.segment,
        cast(null as {{ dbt.type_string() }}) as team_id,
        cast(null as {{ dbt.type_string() }}) as agent_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as priority,
        cast(null as {{ dbt.type_string() }}) as topic_id
    from orders
    left join customers on orders.customer_id = customers.customer_id
),

observations as (
    {{ observe('int_order_observations', 'sales', 'ordered_at', {
        'revenue': 'net_amount * 10000',
        'support_influenced_revenue': 'case when influencing_ticket_id is not null then net_amount * 10000 end',
    }, scope="'customer'") | indent(4) }}
)

select * from observations
