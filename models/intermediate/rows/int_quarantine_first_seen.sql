-- When each rejected row was seen for the first time. Grows from build to build and is never rebuilt, because the answer cannot
-- be found in the data again.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

with rejected as (
    select * from {{ ref('int_rows_quarantined') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

seen_now as (
    select
        rejected.quarantine_id,
        {{ text_literal(setting('run_id')) }} as first_seen_run_id,
        as_of.as_of as first_seen_at
    from rejected
    cross join as_of
)

select * from seen_now
{%- if is_incremental() %}
where quarantine_id not in (select seen.quarantine_id from {{ this }} as seen)
{%- endif %}
