-- One row an unbroken time on shift of an agent in one team: a stretch is cut where the agent's team changes. With the team's clock and the local days
-- that the staffing table looks back on.
with stretches as (
    select * from {{ ref('int_shift_stretches') }}
),

team_spans as (
    select * from {{ ref('int_agent_team_spans') }}
),

agents as (
    select
        agent_id,
        team_id
    from {{ ref('dim_agents') }}
),

clocks as (
    select * from {{ ref('int_team_clocks') }}
),

fallback as (
    select * from clocks
    where team_id = 'unknown'
),

-- An agent's spans cover all time; without a history the agent's own column says the team.
owned as (
    select
        stretches.agent_id,
        case when team_spans.agent_id is null then agents.team_id else team_spans.team_id end as team_id,
        greatest(stretches.starts_at, coalesce(team_spans.valid_from, stretches.starts_at)) as starts_at,
        least(stretches.ends_at, coalesce(team_spans.valid_to, stretches.ends_at)) as ends_at
    from stretches
    left join agents on stretches.agent_id = agents.agent_id
    left join team_spans
        on
            stretches.agent_id = team_spans.agent_id
            and team_spans.valid_from < stretches.ends_at
            and stretches.starts_at < team_spans.valid_to
),

clocked as (
    select
        owned.agent_id,
        owned.starts_at,
        owned.ends_at,
        coalesce(clocks.team_id, fallback.team_id) as team_id,
        coalesce(clocks.time_zone, fallback.time_zone) as time_zone,
        coalesce(clocks.first_day, fallback.first_day) as first_day,
        coalesce(clocks.last_day, fallback.last_day) as last_day
    from owned
    cross join fallback
    left join clocks on owned.team_id = clocks.team_id
)

select * from clocked
