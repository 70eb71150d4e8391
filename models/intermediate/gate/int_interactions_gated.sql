{%- set rules = [
    negative_seconds_rule(['talk_seconds', 'hold_seconds', 'wrap_up_seconds', 'queue_seconds']),
    {
        'reason': 'end_before_start',
        'when': 'staged.ended_at < staged.started_at',
        'detail': "'ended_at lies before started_at: ' || " ~ as_text('staged.raw_ended_at'),
    },
    time_out_of_range_rule('started_at'),
    after_loading_rule('started_at'),
    {
        'reason': 'invalid_concurrency',
        'when': 'staged.concurrency <= 0',
        'detail': "'concurrency is not above zero: ' || " ~ as_text('staged.raw_concurrency'),
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__interactions') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('interactions', rules) }} as defect
    from staged
),

{{ settle_versions('interactions', 'judged') }}

accepted_tickets as (
    select ticket_id
    from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
),

settled as (
    {{ reject_winners('interactions', [
        {
            'reason': 'missing_parent',
            'when': 'true and accepted_tickets.ticket_id is null',
            'detail': "'the ticket does not exist or was rejected: ' || versions.ticket_id",
        },
    ], 'left join accepted_tickets on versions.ticket_id = accepted_tickets.ticket_id') | indent(4) }}
),

gated as (
    {{ gate_result('interactions', 'settled', left_out=['body', 'loaded_at']) | indent(4) }}
)

select * from gated
