with agents as (
    select * from {{ ref('int_agents_gated') }}
    where verdict = 'accepted'
),

teams as (
    select * from {{ ref('int_teams_gated') }}
    where verdict = 'accepted'
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

described as (
    select
        agents.agent_id,
        coalesce(agents.role, 'agent') as role,
        agents.team_id,
        teams.name as team_name,
        agents.hired_on,
        agents.left_on,
        agents.left_on is null or coalesce(agents.left_on > as_of.as_of_date, false) as is_active
    from agents
    cross join as_of
    left join teams on agents.team_id = teams.team_id
),

typed as (
    {{ select_as_contracted('dim_agents', 'described') | indent(4) }}
)

select * from typed
