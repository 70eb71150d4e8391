-- When each rejected row was seen for the first time. Grows from build to build and is never rebuilt, because the answer cannot
-- be found in the data again.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

with rejected as (
    select * from {{ ref('int_rows_judged') }}
    where verdict = 'quarantined'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

-- Copies of one bad row are told apart by counting them: they are alike in everything, so any order will do.
counted as (
    select
        rejected.raw_table,
        rejected.raw_record,
        row_number() over (
            partition by rejected.raw_table, rejected.raw_key, rejected.raw_record
            order by rejected.defect_reason
        ) as copy_number,
        rejected.raw_key
    from rejected
),

keyed as (
    select
        {{ stable_key(['counted.raw_table', 'counted.raw_key', 'counted.raw_record', 'counted.copy_number']) }} as quarantine_id,
        '{{ setting("run_id") }}' as first_seen_run_id,
        as_of.as_of as first_seen_at
    from counted
    cross join as_of
)

select * from keyed
{%- if is_incremental() %}
where quarantine_id not in (select seen.quarantine_id from {{ this }} as seen)
{%- endif %}
