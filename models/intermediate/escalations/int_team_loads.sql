-- One row a team and local day with somebody on shift: the tickets that were open at the end of the day before, per agent on shift. The first
-- day of the tickets, their events and interactions has no day before it.
with agent_days as (
    select * from {{ ref('fct_agent_days') }}
    where
        shift_seconds > 0
        and team_id is not null
),

backlog as (
    select
        team_id,
        {{ add_days('date_day', '1') }} as next_day,
        sum(closing_count) as open_count
    from {{ ref('fct_backlog_daily') }}
    where team_id is not null
    group by team_id, {{ add_days('date_day', '1') }}
),

as_of as (
    select {{ reporting_date('first_service_at') }} as first_day
    from {{ ref('int_as_of') }}
),

agents_on_shift as (
    select
        team_id,
        date_day,
        count(*) as agents_count
    from agent_days
    group by team_id, date_day
),

-- A team is in the backlog of a day only where something was open or happened.
loads as (
    select
        agents_on_shift.team_id,
        agents_on_shift.date_day,
        cast(coalesce(backlog.open_count, 0) as {{ dbt.type_bigint() }}) as open_count,
        agents_on_shift.agents_count,
        {{ as_double('coalesce(backlog.open_count, 0)') }} / agents_on_shift.agents_count as open_per_agent
    from agents_on_shift
    cross join as_of
    left join backlog
        on
            agents_on_shift.team_id = backlog.team_id
            and agents_on_shift.date_day = backlog.next_day
    where agents_on_shift.date_day > as_of.first_day
)

select * from loads
