with customers as (
    select
        published_customer_id as customer_id,
        account_id,
        segment,
        business_unit_id,
        created_at,
        is_erased
    from {{ ref('int_customers_resolved') }}
    where is_survivor
),

typed as (
    {{ select_as_contracted('dim_customers', 'customers') | indent(4) }}
)

select * from typed
