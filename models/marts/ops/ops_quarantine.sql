with rejected as (
    select * from {{ ref('int_rows_judged') }}
    where verdict = 'quarantined'
),

first_seen as (
    select * from {{ ref('int_quarantine_first_seen') }}
),

-- Counted as in int_quarantine_first_seen, so that the keys are the same.
counted as (
    select
        raw_table,
        raw_key,
        defect_reason as reason,
        defect_detail as reason_detail,
        raw_record,
        row_number() over (
            partition by raw_table, raw_key, raw_record
            order by defect_reason
        ) as copy_number
    from rejected
),

keyed as (
    select
        {{ stable_key(['raw_table', 'raw_key', 'raw_record', 'copy_number']) }} as quarantine_id,
        raw_table,
        raw_key,
        reason,
        reason_detail,
        raw_record
    from counted
),

dated as (
    select
        keyed.quarantine_id,
        keyed.raw_table,
        keyed.raw_key,
        keyed.reason,
        keyed.reason_detail,
        keyed.raw_record,
        first_seen.first_seen_run_id,
        first_seen.first_seen_at
    from keyed
    inner join first_seen on keyed.quarantine_id = first_seen.quarantine_id
),

typed as (
    {{ select_as_contracted('ops_quarantine', 'dated') | indent(4) }}
)

select * from typed
