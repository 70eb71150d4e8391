-- Which customer each customer record stands for after merges, and under which id that customer is published.
with recursive customers as (
    select
        customer_id,
        account_id,
        created_at,
        merged_into_customer_id,
        erased_at
    from {{ ref('int_customers_gated') }}
    where verdict = 'accepted'
),

-- A rejected record still asks for erasure, also where it does not say readably when, unless a sound one of the same customer does not.
rejected_erasures as (
    select rejected.customer_id
    from {{ ref('int_customers_gated') }} as rejected
    left join customers on rejected.customer_id = customers.customer_id
    where
        rejected.verdict = 'quarantined'
        and nullif({{ json_member('rejected.raw_record', 'erased_at') }}, '') is not null
        and rejected.customer_id is not null
        and customers.customer_id is null
    group by rejected.customer_id
),

accounts as (
    select
        account_id,
        segment,
        business_unit_id
    from {{ ref('int_accounts_gated') }}
    where verdict = 'accepted'
),

-- A merge into a customer that is not there counts as none; one in a loop is never reached from here.
survivors as (
    select
        customers.customer_id,
        customers.customer_id as survivor_id
    from customers
    left join customers as targets on customers.merged_into_customer_id = targets.customer_id
    where targets.customer_id is null
    union all
    select
        customers.customer_id,
        survivors.survivor_id
    from survivors
    inner join customers on survivors.customer_id = customers.merged_into_customer_id
),

resolved as (
    select
        customers.customer_id,
        coalesce(survivors.survivor_id, customers.customer_id) as survivor_id
    from customers
    left join survivors on customers.customer_id = survivors.customer_id
),

published as (
    select
        resolved.customer_id,
        resolved.survivor_id,
        case
            when holders.erased_at is not null then {{ pseudonym('holders.customer_id') }}
            else holders.customer_id
        end as published_customer_id,
        resolved.customer_id = resolved.survivor_id as is_survivor,
        holders.erased_at is not null as is_erased,
        holders.erased_at is not null or records.erased_at is not null as is_id_hidden,
        holders.created_at,
        holders.account_id,
        accounts.segment,
        accounts.business_unit_id
    from resolved
    inner join customers as records on resolved.customer_id = records.customer_id
    inner join customers as holders on resolved.survivor_id = holders.customer_id
    left join accounts on holders.account_id = accounts.account_id
    union all
    select
        customer_id,
        customer_id as survivor_id,
        {{ pseudonym('customer_id') }} as published_customer_id,
        false as is_survivor,
        true as is_erased,
        true as is_id_hidden,
        cast(null as {{ dbt.type_timestamp() }}) as created_at,
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as {{ dbt.type_string() }}) as segment,
        cast(null as {{ dbt.type_string() }}) as business_unit_id
    from rejected_erasures
)

select * from published
