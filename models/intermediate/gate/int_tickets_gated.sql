{%- set rules = [
    {
        'reason': 'value_not_allowed',
        'when': 'status_map.status is null',
        'detail': "'status is none of the six, and status_map does not map it: ' || " ~ as_text('staged.raw_status'),
    },
    time_out_of_range_rule('created_at'),
    after_loading_rule('created_at'),
] -%}
with recursive staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__tickets') }}
),

status_map as (
    select * from {{ ref('status_map') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('tickets', rules) }} as defect
    from staged
    left join status_map on staged.status = status_map.source_status
),

{{ settle_versions('tickets', 'judged') }}

winners as (
    select
        ticket_id,
        merged_into_ticket_id
    from versions
    where verdict = 'accepted'
),

-- From each end of a chain back along it: a merge that is never reached runs in a loop.
chains as (
    select
        merged.ticket_id,
        merged.merged_into_ticket_id as survivor_ticket_id,
        survivors.ticket_id is not null as ends_in_ticket
    from winners as merged
    left join winners as survivors on merged.merged_into_ticket_id = survivors.ticket_id
    where
        merged.merged_into_ticket_id is not null
        and survivors.merged_into_ticket_id is null
    union all
    select
        merged.ticket_id,
        chains.survivor_ticket_id,
        chains.ends_in_ticket
    from chains
    inner join winners as merged on chains.ticket_id = merged.merged_into_ticket_id
),

settled as (
    {{ reject_winners('tickets', [
        {
            'reason': 'merge_into_nothing',
            'when': 'versions.merged_into_ticket_id is not null and not chains.ends_in_ticket',
            'detail': "'the merge ends in a ticket that does not exist or was rejected: ' || chains.survivor_ticket_id",
        },
        {
            'reason': 'merge_loop',
            'when': 'versions.merged_into_ticket_id is not null and chains.ticket_id is null',
            'detail': "'the merge runs in a loop, by way of ' || versions.merged_into_ticket_id",
        },
    ], 'left join chains on versions.ticket_id = chains.ticket_id', ['chains.survivor_ticket_id']) | indent(4) }}
),

mapped as (
    select
        settled.*,
        status_map.status as mapped_status
    from settled
    left join status_map on settled.status = status_map.source_status
),

gated as (
    {{ gate_result('tickets', 'mapped',
        overrides={'status': 'mapped.mapped_status'},
        additions={'survivor_ticket_id': 'coalesce(mapped.survivor_ticket_id, mapped.ticket_id)'}) | indent(4) }}
)

select * from gated
