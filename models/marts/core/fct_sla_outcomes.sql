with outcomes as (
    select * from {{ ref('int_sla_outcomes') }}
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

owned as (
    select
        {{ stable_key(['outcomes.ticket_id', 'outcomes.policy_id', epoch_seconds('outcomes.starts_at')]) }} as sla_outcome_id,
        outcomes.ticket_id,
        outcomes.policy_id,
        outcomes.metric,
        outcomes.priority,
        outcomes.clock,
        outcomes.target_seconds,
        outcomes.starts_at,
        outcomes.ends_at,
        outcomes.elapsed_seconds,
        outcomes.due_at,
        outcomes.outcome,
        outcomes.decided_at,
        {{ reporting_date('outcomes.decided_at') }} as decided_on,
        owners.team_id,
        owners.agent_id
    from outcomes
    left join owners
        on
            outcomes.ticket_id = owners.ticket_id
            and owners.valid_from <= outcomes.decided_at
            and outcomes.decided_at < owners.valid_to
),

typed as (
    {{ select_as_contracted('fct_sla_outcomes', 'owned') | indent(4) }}
)

select * from typed
