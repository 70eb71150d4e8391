{%- set missing_to_value = {
    'when': "(staged.event_type = 'status' and staged.to_value is null)",
    'detail': "'to_value of a status event is empty'",
} -%}
{%- set rules = [
    {
        'reason': 'value_not_allowed',
        'when': "staged.event_type = 'status' and status_map.status is null",
        'detail': "'to_value is no status, and status_map does not map it: ' || " ~ as_text('staged.raw_to_value'),
    },
    time_out_of_range_rule('occurred_at'),
    after_loading_rule('occurred_at'),
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__ticket_events') }}
),

status_map as (
    select * from {{ ref('status_map') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('ticket_events', rules, extra_missing=missing_to_value) }} as defect
    from staged
    left join status_map on {{ listed_word('staged.to_value') }} = status_map.source_status
),

{{ settle_versions('ticket_events', 'judged') }}

accepted_tickets as (
    select ticket_id
    from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
),

settled as (
    {{ reject_winners('ticket_events', [
        {
            'reason': 'missing_parent',
            'when': 'true and accepted_tickets.ticket_id is null',
            'detail': "'the ticket does not exist or was rejected: ' || versions.ticket_id",
        },
    ], 'left join accepted_tickets on versions.ticket_id = accepted_tickets.ticket_id') | indent(4) }}
),

gated as (
    {{ gate_result('ticket_events', 'settled', left_out=['actor_type', 'actor_id', 'loaded_at']) | indent(4) }}
)

select * from gated
