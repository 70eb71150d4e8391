-- The team and agent in force of every countable ticket, as intervals that cover all time without gap or overlap.
with tickets as (
    select
        ticket_id,
        assignee_id,
        team_id
    from {{ ref('int_tickets_classified') }}
    where exclusion_reason is null
),

values_in_force as (
    select * from {{ ref('int_ticket_values_in_force') }}
),

agent_team_spans as (
    select * from {{ ref('int_agent_team_spans') }}
),

agent_events as (
    select * from values_in_force
    where event_type = 'assignee'
),

team_events as (
    select * from values_in_force
    where event_type = 'team'
),

agents_in_force as (
    select
        tickets.ticket_id,
        tickets.team_id as ticket_team_id,
        case
            when agent_events.ticket_id is null then tickets.assignee_id
            else agent_events.value_in_force
        end as agent_id,
        coalesce(agent_events.valid_from, {{ beginning_of_time() }}) as valid_from,
        coalesce(agent_events.valid_to, {{ end_of_time() }}) as valid_to
    from tickets
    left join agent_events on tickets.ticket_id = agent_events.ticket_id
),

-- Team events say the team. Without any, the agent's own history does, and where that is silent the ticket's column.
owners as (
    select
        agents_in_force.ticket_id,
        agents_in_force.agent_id,
        case
            when team_events.ticket_id is not null then team_events.value_in_force
            else coalesce(agent_team_spans.team_id, agents_in_force.ticket_team_id)
        end as team_id,
        greatest(
            agents_in_force.valid_from,
            coalesce(team_events.valid_from, agent_team_spans.valid_from, agents_in_force.valid_from)
        ) as valid_from,
        least(
            agents_in_force.valid_to,
            coalesce(team_events.valid_to, agent_team_spans.valid_to, agents_in_force.valid_to)
        ) as valid_to
    from agents_in_force
    left join team_events
        on
            agents_in_force.ticket_id = team_events.ticket_id
            and agents_in_force.valid_from < team_events.valid_to
            and team_events.valid_from < agents_in_force.valid_to
    left join agent_team_spans
        on
            case when team_events.ticket_id is null then agents_in_force.agent_id end = agent_team_spans.agent_id
            and agents_in_force.valid_from < agent_team_spans.valid_to
            and agent_team_spans.valid_from < agents_in_force.valid_to
)

select * from owners
