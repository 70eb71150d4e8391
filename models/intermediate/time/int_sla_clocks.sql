{{ config(materialized=light_view()) }}

-- One row a promise to a countable ticket: a metric with its policy, and for next responses a wait. completed_at is when what was
-- promised was done, stopped_at when there was nothing more to wait for (a resolution ends a wait for a reply); null while open.
with promises as (
    select * from {{ ref('int_ticket_sla_policies') }}
),

facts as (
    select * from {{ ref('int_ticket_facts') }}
),

waits as (
    select * from {{ ref('int_ticket_response_waits') }}
),

started as (
    select
        promises.ticket_id,
        promises.metric,
        promises.policy_id,
        promises.priority,
        promises.clock,
        promises.target_seconds,
        promises.schedule_id,
        case
            when promises.metric = 'first_response' and facts.is_agent_opened then facts.first_response_waiting_from
            else facts.created_at
        end as starts_at,
        case when promises.metric = 'first_response' then facts.first_responded_at else facts.resolved_at end as completed_at
    from promises
    inner join facts on promises.ticket_id = facts.ticket_id
    where promises.metric in ('first_response', 'resolution')
),

clocks as (
    select
        ticket_id,
        metric,
        policy_id,
        priority,
        clock,
        target_seconds,
        schedule_id,
        starts_at,
        completed_at,
        completed_at as stopped_at
    from started
    -- A ticket that an agent opened and no customer answered waits for no first response.
    where starts_at is not null
    union all
    select
        promises.ticket_id,
        promises.metric,
        promises.policy_id,
        promises.priority,
        promises.clock,
        promises.target_seconds,
        promises.schedule_id,
        waits.starts_at,
        case when waits.resolved_at is null then waits.replied_at end as completed_at,
        coalesce(waits.resolved_at, waits.replied_at) as stopped_at
    from promises
    inner join waits on promises.ticket_id = waits.ticket_id
    where promises.metric = 'next_response'
)

select * from clocks
