-- Protects ops_reconciliation, and the promise that no raw row is lost or counted twice: every table of the landing contract
-- is there, and raw = accepted + duplicate + superseded + quarantined in each.
with reconciled as (
    select * from {{ ref('ops_reconciliation') }}
),

contracted as (
    {%- for raw_table in raw_tables() %}
    select '{{ raw_table }}' as raw_table
    {{ 'union all' if not loop.last }}
    {%- else %}
    select '' as raw_table
    {%- endfor %}
)

select
    contracted.raw_table,
    reconciled.raw_count,
    reconciled.accepted_count,
    reconciled.duplicate_count,
    reconciled.superseded_count,
    reconciled.quarantined_count
from contracted
left join reconciled on contracted.raw_table = reconciled.raw_table
where
    reconciled.raw_table is null
    or reconciled.raw_count
    <> reconciled.accepted_count + reconciled.duplicate_count + reconciled.superseded_count + reconciled.quarantined_count
    or not reconciled.is_balanced
