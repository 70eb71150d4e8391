with rejected as (
    select * from {{ ref('int_rows_quarantined') }}
),

first_seen as (
    select * from {{ ref('int_quarantine_first_seen') }}
),

dated as (
    select
        rejected.quarantine_id,
        rejected.raw_table,
        rejected.raw_key,
        rejected.defect_reason as reason,
        rejected.defect_detail as reason_detail,
        rejected.raw_record,
        first_seen.first_seen_run_id,
        first_seen.first_seen_at
    from rejected
    inner join first_seen on rejected.quarantine_id = first_seen.quarantine_id
),

typed as (
    {{ select_as_contracted('ops_quarantine', 'dated') | indent(4) }}
)

select * from typed
