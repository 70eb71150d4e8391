-- Protects met + breached + running = all by a second route: every promise of a first response or a resolution has one outcome, with
-- the ticket's own duration on the policy's clock. Only a first response that nobody waits for has none.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

promises as (
    select * from {{ ref('int_ticket_sla_policies') }}
    where metric <> 'next_response'
),

outcomes as (
    select
        ticket_id,
        metric,
        count(*) as outcomes_count,
        max(elapsed_seconds) as elapsed_seconds
    from {{ ref('fct_sla_outcomes') }}
    where metric <> 'next_response'
    group by ticket_id, metric
),

durations as (
    select
        promises.ticket_id,
        promises.metric,
        case
            when promises.metric = 'first_response' and promises.clock = 'business' then tickets.first_response_business_seconds
            when promises.metric = 'first_response' then tickets.first_response_seconds
            when promises.clock = 'business' then tickets.resolution_business_seconds
            else tickets.resolution_seconds
        end as duration_seconds,
        promises.metric = 'first_response'
        and tickets.is_agent_opened
        and tickets.inbound_interaction_count = 0 as is_never_waited_for
    from promises
    inner join tickets on promises.ticket_id = tickets.ticket_id
)

select
    durations.ticket_id,
    durations.metric,
    durations.duration_seconds,
    outcomes.elapsed_seconds,
    outcomes.outcomes_count
from durations
left join outcomes
    on
        durations.ticket_id = outcomes.ticket_id
        and durations.metric = outcomes.metric
where
    (not durations.is_never_waited_for and coalesce(outcomes.outcomes_count, 0) <> 1)
    or coalesce(durations.duration_seconds, -1) <> coalesce(outcomes.elapsed_seconds, -1)
