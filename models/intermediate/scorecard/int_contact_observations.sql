{{ config(materialized='view') }}

-- What is counted of interactions and escalations. The channel is the interaction's own.
with interactions as (
    select * from {{ ref('fct_interactions') }}
),

escalations as (
    select * from {{ ref('fct_escalations') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

handled as (
    select
        interactions.started_at,
        interactions.handle_seconds,
        interactions.channel,
        interactions.team_id,
        interactions.agent_id,
        tickets.business_unit_id,
        tickets.priority,
        tickets.topic_id,
        tickets.segment
    from interactions
    inner join tickets on interactions.ticket_id = tickets.ticket_id
    where
        interactions.is_human
        and interactions.handle_seconds is not null
),

counted as (
    select
        ticket_id,
        channel,
        count(*) as interactions_count
    from interactions
    where
        is_public
        and (author_type = 'customer' or is_human)
    group by ticket_id, channel
),

in_channels as (
    select
        counted.channel,
        counted.interactions_count,
        tickets.resolved_at,
        tickets.business_unit_id,
        tickets.resolution_team_id as team_id,
        tickets.resolution_agent_id as agent_id,
        tickets.priority,
        tickets.topic_id,
        tickets.segment
    from counted
    inner join tickets on counted.ticket_id = tickets.ticket_id
    where tickets.is_resolved
),

first_escalations as (
    select
        escalations.escalated_at,
        escalations.from_team_id as team_id,
        escalations.from_agent_id as agent_id,
        tickets.business_unit_id,
        tickets.channel,
        tickets.priority,
        tickets.topic_id,
        tickets.segment
    from escalations
    inner join tickets on escalations.ticket_id = tickets.ticket_id
    where escalations.is_first
),

observations as (
    {{ observe('int_contact_observations', 'handled', 'started_at', {'handle_per_contact': 'handle_seconds'}) | indent(4) }}
    union all
    {{ observe('int_contact_observations', 'in_channels', 'resolved_at', {'interactions_per_ticket': 'interactions_count'}, scope="'channel_only'") | indent(4) }}
    union all
    {{ observe('int_contact_observations', 'first_escalations', 'escalated_at', {'escalations': '1'}) | indent(4) }}
)

select * from observations
