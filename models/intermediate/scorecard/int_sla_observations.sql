{{ config(materialized='view') }}

-- What is counted of service level promises: one observation a promise that was kept or broken, at the instant that decided it.
with outcomes as (
    select * from {{ ref('fct_sla_outcomes') }}
    where outcome in ('met', 'breached')
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

decided as (
    select
        outcomes.metric,
        outcomes.outcome,
        outcomes.decided_at,
        outcomes.team_id,
        outcomes.agent_id,
        tickets.business_unit_id,
        tickets.channel,
        tickets.priority,
        tickets.topic_id,
        tickets.segment
    from outcomes
    inner join tickets on outcomes.ticket_id = tickets.ticket_id
),

observations as (
    {{ observe('int_sla_observations', 'decided', 'decided_at', {
        'sla_first_response': "case when metric = 'first_response' then case when outcome = 'met' then 1 else 0 end end",
        'sla_next_response': "case when metric = 'next_response' then case when outcome = 'met' then 1 else 0 end end",
        'sla_resolution': "case when metric = 'resolution' then case when outcome = 'met' then 1 else 0 end end",
    }) | indent(4) }}
)

select * from observations
