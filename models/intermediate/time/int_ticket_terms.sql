-- One row a countable ticket with the terms it was taken on: team, business unit, priority and opening hours at its creation.
-- schedule_id is null where the team has no schedule, or one that is not known.
with facts as (
    select * from {{ ref('int_ticket_facts') }}
),

owners as (
    select * from {{ ref('int_ticket_owners_at_events') }}
),

teams as (
    select
        team_id,
        business_unit_id,
        schedule_id
    from {{ ref('int_teams_gated') }}
    where verdict = 'accepted'
),

schedules as (
    select * from {{ ref('int_schedules_known') }}
),

priorities as (
    select * from {{ ref('int_ticket_values_in_force') }}
    where event_type = 'priority'
),

terms as (
    select
        facts.ticket_id,
        facts.created_at,
        owners.created_team_id as team_id,
        coalesce(facts.business_unit_id, facts.customer_business_unit_id, teams.business_unit_id) as business_unit_id,
        case
            when priorities.ticket_id is not null then priorities.value_in_force
            else facts.priority
        end as priority,
        schedules.schedule_id
    from facts
    inner join owners on facts.ticket_id = owners.ticket_id
    left join teams on owners.created_team_id = teams.team_id
    left join schedules on teams.schedule_id = schedules.schedule_id
    left join priorities
        on
            facts.ticket_id = priorities.ticket_id
            and priorities.valid_from <= facts.created_at
            and facts.created_at < priorities.valid_to
)

select * from terms
