-- Protects ops_reconciliation, and the promise that no raw row is lost or counted twice: every table of the landing contract
-- is there, and raw = accepted + duplicate + superseded + quarantined in each.
with reconciled as (
    select * from {{ ref('ops_reconciliation') }}
),

problems as (
    select
        'raw rows are not accepted + duplicate + superseded + quarantined' as problem,
        raw_table
    from reconciled
    where
        raw_count <> accepted_count + duplicate_count + superseded_count + quarantined_count
        or not is_balanced
    union all
    select
        'there are more or fewer tables than the {{ raw_tables() | length }} of the contract' as problem,
        cast(null as {{ dbt.type_string() }}) as raw_table
    from reconciled
    having count(*) <> {{ raw_tables() | length }}
)

select * from problems
