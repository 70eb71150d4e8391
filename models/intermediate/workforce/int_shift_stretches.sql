-- One row an agent and unbroken time on shift, up to as_of: shifts that overlap or touch are one, because nobody works twice at once, and
-- what is planned for after as_of has not been worked yet. Bots have no shifts.
with shifts as (
    select * from {{ ref('int_agent_shifts_gated') }}
    where verdict = 'accepted'
),

bots as (
    select agent_id
    from {{ ref('dim_agents') }}
    where role = 'bot'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

worked as (
    select
        shifts.agent_id,
        shifts.starts_at,
        least(shifts.ends_at, as_of.as_of) as ends_at
    from shifts
    cross join as_of
    left join bots on shifts.agent_id = bots.agent_id
    where
        bots.agent_id is null
        and shifts.starts_at < least(shifts.ends_at, as_of.as_of)
),

reached as (
    select
        *,
        max(ends_at) over (
            partition by agent_id
            order by starts_at, ends_at
            rows between unbounded preceding and 1 preceding
        ) as ends_at_before
    from worked
),

numbered as (
    select
        *,
        sum(case when starts_at <= ends_at_before then 0 else 1 end) over (
            partition by agent_id
            order by starts_at, ends_at
            rows between unbounded preceding and current row
        ) as stretch_number
    from reached
),

stretches as (
    select
        agent_id,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at
    from numbered
    group by agent_id, stretch_number
)

select * from stretches
