with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__ticket_articles') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('ticket_articles') }} as defect
    from staged
),

{{ settle_versions('ticket_articles', 'judged') }}

accepted_tickets as (
    select ticket_id
    from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
),

settled as (
    {{ reject_winners('ticket_articles', [
        {
            'reason': 'missing_parent',
            'when': 'true and accepted_tickets.ticket_id is null',
            'detail': "'the ticket does not exist or was rejected: ' || versions.ticket_id",
        },
    ], 'left join accepted_tickets on versions.ticket_id = accepted_tickets.ticket_id') | indent(4) }}
),

gated as (
    {{ gate_result('ticket_articles', 'settled') | indent(4) }}
)

select * from gated
