-- Protects people who asked to be erased: no published column, and no rejected raw record, holds the id of an erased
-- customer.
with erased as (
    select customer_id
    from {{ ref('int_customers_resolved') }}
    where is_id_hidden
),

published as (
    select
        'dim_customers' as mart,
        customer_id
    from {{ ref('dim_customers') }}
    union all
    select
        'fct_tickets' as mart,
        customer_id
    from {{ ref('fct_tickets') }}
    union all
    select
        'fct_interactions' as mart,
        author_id as customer_id
    from {{ ref('fct_interactions') }}
    where author_type = 'customer'
    union all
    select
        'fct_survey_responses' as mart,
        customer_id
    from {{ ref('fct_survey_responses') }}
    union all
    select
        'fct_orders' as mart,
        customer_id
    from {{ ref('fct_orders') }}
    union all
    select
        'fct_customer_months' as mart,
        customer_id
    from {{ ref('fct_customer_months') }}
    union all
    select
        'ops_quarantine' as mart,
        {{ json_member('raw_record', 'customer_id') }} as customer_id
    from {{ ref('ops_quarantine') }}
    where raw_table <> 'customers'
)

select
    published.mart,
    published.customer_id
from published
inner join erased on published.customer_id = erased.customer_id
