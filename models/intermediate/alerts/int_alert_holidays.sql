-- The days on which a member is known to be closed: a team on the holidays of its schedule; for every other cut, days on which at least half of
-- the teams with a schedule are. That little happens then is no news, and teaches nothing of that weekday.
with teams as (
    select
        team_id,
        schedule_id
    from {{ ref('dim_teams') }}
    where schedule_id is not null
),

holidays as (
    select distinct
        schedule_id,
        holiday_on
    from {{ ref('int_holidays_gated') }}
    where verdict = 'accepted'
),

closed as (
    select
        teams.team_id,
        holidays.holiday_on
    from teams
    inner join holidays on teams.schedule_id = holidays.schedule_id
),

all_teams as (
    select count(*) as teams_count
    from teams
),

counted as (
    select
        closed.holiday_on,
        count(*) as closed_count,
        all_teams.teams_count
    from closed
    cross join all_teams
    group by closed.holiday_on, all_teams.teams_count
),

days as (
    select
        {{ closed_for("'team'", 'team_id') }} as closed_for,
        holiday_on
    from closed
    union all
    select
        {{ closed_for("'all'", "'all'") }} as closed_for,
        holiday_on
    from counted
    where 2 * closed_count >= teams_count
)

select * from days
