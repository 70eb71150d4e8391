-- Protects the days of agents against losing or doubling work: what they hold in all is what the facts hold.
with agent_days as (
    select
        sum(handle_seconds) as handle_seconds,
        sum(interactions_count) as interactions_count,
        sum(tickets_resolved_count) as tickets_resolved_count
    from {{ ref('fct_agent_days') }}
),

interactions as (
    select
        sum(handle_seconds) as handle_seconds,
        count(*) as interactions_count
    from {{ ref('fct_interactions') }}
    where
        is_human
        and agent_id is not null
),

tickets as (
    select count(*) as tickets_resolved_count
    from {{ ref('fct_tickets') }} as resolved
    left join {{ ref('dim_agents') }} as agents on resolved.resolution_agent_id = agents.agent_id
    where
        resolved.resolution_agent_id is not null
        and coalesce(agents.role, 'agent') <> 'bot'
)

select
    agent_days.handle_seconds,
    interactions.handle_seconds as fact_handle_seconds,
    agent_days.interactions_count,
    interactions.interactions_count as fact_interactions_count,
    agent_days.tickets_resolved_count,
    tickets.tickets_resolved_count as fact_tickets_resolved_count
from agent_days
cross join interactions
cross join tickets
where
    coalesce(agent_days.handle_seconds, 0) <> coalesce(interactions.handle_seconds, 0)
    or coalesce(agent_days.interactions_count, 0) <> interactions.interactions_count
    or coalesce(agent_days.tickets_resolved_count, 0) <> tickets.tickets_resolved_count
