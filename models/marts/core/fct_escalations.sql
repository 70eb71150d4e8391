with escalations as (
    select * from {{ ref('int_ticket_escalations') }}
),

keyed as (
    select
        {{ stable_key(['ticket_id', epoch_seconds('escalated_at')]) }} as escalation_id,
        ticket_id,
        escalated_at,
        is_first,
        from_team_id,
        from_agent_id,
        to_team_id,
        from_tier,
        to_tier,
        reason,
        cast(null as {{ dbt.type_boolean() }}) as is_swamped,
        cast(null as {{ dbt.type_boolean() }}) as is_kb_gap,
        cast(null as {{ dbt.type_string() }}) as cause
    from escalations
),

typed as (
    {{ select_as_contracted('fct_escalations', 'keyed') | indent(4) }}
)

select * from typed
