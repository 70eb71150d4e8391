-- One row a team and local hour of the week: how often it came in the staffing window, how often while the team's shifts are known, and how many people
-- were on shift on average. The shifts of a team are known from its first to its last day on shift. Hours are counted as the team's clock shows them:
-- where it goes back, one comes twice.
with clocks as (
    select * from {{ ref('int_team_clocks') }}
),

shifts as (
    select * from {{ ref('int_team_shifts') }}
),

shift_hours as (
    select * from {{ ref('int_team_shift_hours') }}
),

numbers as (
    {{ whole_numbers(4) | indent(4) }}
),

rosters as (
    select
        team_id,
        cast({{ to_local('min(starts_at)', 'time_zone') }} as date) as first_day,
        cast({{ to_local(plus_seconds('max(ends_at)', '-1'), 'time_zone') }} as date) as last_day
    from shifts
    group by team_id, time_zone
),

windows as (
    select
        time_zone,
        first_day,
        last_day
    from clocks
    where first_day <= last_day
    group by time_zone, first_day, last_day
),

-- Every clock in use is moved by whole quarters of an hour. The window's days by any clock begin less than a day before they do by UTC.
quarters as (
    select
        windows.time_zone,
        windows.first_day,
        windows.last_day,
        {{ to_local(
            plus_seconds('cast(' ~ add_days('windows.first_day', '-1') ~ ' as ' ~ dbt.type_timestamp() ~ ')', '900 * numbers.number'),
            'windows.time_zone'
        ) }} as local_at
    from windows
    cross join numbers
    where numbers.number < 96 * ({{ staffing_days() }} + 3)
),

local_hours as (
    select
        time_zone,
        first_day,
        last_day,
        cast(local_at as date) as date_day,
        {{ hour_of_week('local_at') }} as hour_of_week,
        count(*) as quarters_count
    from quarters
    where
        first_day <= cast(local_at as date)
        and cast(local_at as date) <= last_day
    group by time_zone, first_day, last_day, cast(local_at as date), {{ hour_of_week('local_at') }}
),

hours as (
    select
        clocks.team_id,
        local_hours.hour_of_week,
        {{ as_double('sum(local_hours.quarters_count)') }} / 4 as hours_count,
        {{ as_double('sum(case when rosters.first_day <= local_hours.date_day and local_hours.date_day <= rosters.last_day then local_hours.quarters_count else 0 end)') }} / 4
            as roster_hours_count
    from clocks
    inner join local_hours
        on
            clocks.time_zone = local_hours.time_zone
            and clocks.first_day = local_hours.first_day
            and clocks.last_day = local_hours.last_day
    left join rosters on clocks.team_id = rosters.team_id
    group by clocks.team_id, local_hours.hour_of_week
),

staffed as (
    select
        hours.team_id,
        hours.hour_of_week,
        {{ round_half_up('hours.hours_count') }} as days_count,
        hours.hours_count,
        hours.roster_hours_count,
        {{ as_double('coalesce(shift_hours.shift_seconds, 0)') }} / 3600 / nullif(hours.roster_hours_count, 0) as agents_on_shift
    from hours
    left join shift_hours
        on
            hours.team_id = shift_hours.team_id
            and hours.hour_of_week = shift_hours.hour_of_week
)

select * from staffed
