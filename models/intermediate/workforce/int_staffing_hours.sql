-- One row a team and local hour of the week: on how many days of the staffing window it came, on how many of those the team's shifts are known, and
-- how many people were on shift on average. The shifts of a team are known from its first to its last day on shift.
with clocks as (
    select * from {{ ref('int_team_clocks') }}
),

dates as (
    select
        date_day,
        iso_day_of_week
    from {{ ref('dim_dates') }}
),

rosters as (
    select
        coalesce(team_id, 'unknown') as team_id,
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('fct_agent_days') }}
    where shift_seconds > 0
    group by coalesce(team_id, 'unknown')
),

shift_hours as (
    select * from {{ ref('int_team_shift_hours') }}
),

numbers as (
    {{ whole_numbers(2) | indent(4) }}
),

weekdays as (
    select
        clocks.team_id,
        dates.iso_day_of_week,
        count(*) as days_count,
        sum(case when rosters.first_day <= dates.date_day and dates.date_day <= rosters.last_day then 1 else 0 end) as roster_days_count
    from clocks
    inner join dates
        on
            clocks.first_day <= dates.date_day
            and dates.date_day <= clocks.last_day
    left join rosters on clocks.team_id = rosters.team_id
    group by clocks.team_id, dates.iso_day_of_week
),

hours as (
    select
        weekdays.team_id,
        cast(24 * (weekdays.iso_day_of_week - 1) + numbers.number as integer) as hour_of_week,
        weekdays.days_count,
        cast(weekdays.roster_days_count as {{ dbt.type_bigint() }}) as roster_days_count
    from weekdays
    inner join numbers on numbers.number < 24
),

staffed as (
    select
        hours.team_id,
        hours.hour_of_week,
        hours.days_count,
        hours.roster_days_count,
        {{ as_double('coalesce(shift_hours.shift_seconds, 0)') }} / 3600 / nullif(hours.roster_days_count, 0) as agents_on_shift
    from hours
    left join shift_hours
        on
            hours.team_id = shift_hours.team_id
            and hours.hour_of_week = shift_hours.hour_of_week
)

select * from staffed
