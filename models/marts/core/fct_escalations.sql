with escalations as (
    select * from {{ ref('int_ticket_escalations') }}
),

causes as (
    select * from {{ ref('int_escalation_causes') }}
),

-- Causes are said of first escalations only.
keyed as (
    select
        {{ stable_key(['escalations.ticket_id', epoch_seconds('escalations.escalated_at')]) }} as escalation_id,
        escalations.ticket_id,
        escalations.escalated_at,
        {{ reporting_date('escalations.escalated_at') }} as escalated_on,
        escalations.is_first,
        escalations.from_team_id,
        escalations.from_agent_id,
        escalations.to_team_id,
        escalations.from_tier,
        escalations.to_tier,
        escalations.reason,
        causes.is_swamped,
        causes.is_kb_gap,
        causes.cause
    from escalations
    left join causes
        on
            escalations.ticket_id = causes.ticket_id
            and escalations.escalated_at = causes.escalated_at
),

typed as (
    {{ select_as_contracted('fct_escalations', 'keyed') | indent(4) }}
)

select * from typed
