-- One row a team, and one for contacts whose team nobody knows: the time zone of its schedule (else the reporting one) and the whole local days that
-- the staffing table looks back on: thirteen weeks up to the day before as_of, or as many as there are.
with teams as (
    select
        team_id,
        schedule_id
    from {{ ref('dim_teams') }}
    union all
    select
        'unknown' as team_id,
        cast(null as {{ dbt.type_string() }}) as schedule_id
),

schedules as (
    select
        schedule_id,
        time_zone
    from {{ ref('int_schedules_gated') }}
    where verdict = 'accepted'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

zoned as (
    select
        teams.team_id,
        coalesce(schedules.time_zone, {{ text_literal(setting('reporting_time_zone')) }}) as time_zone
    from teams
    left join schedules on teams.schedule_id = schedules.schedule_id
),

dated as (
    select
        zoned.team_id,
        zoned.time_zone,
        cast({{ to_local('as_of.first_service_at', 'zoned.time_zone') }} as date) as first_local_day,
        {{ add_days('cast(' ~ to_local('as_of.as_of', 'zoned.time_zone') ~ ' as date)', '-1') }} as last_day
    from zoned
    cross join as_of
),

clocks as (
    select
        team_id,
        time_zone,
        greatest(first_local_day, {{ add_days('last_day', '1 - ' ~ staffing_days()) }}) as first_day,
        last_day
    from dated
)

select * from clocks
