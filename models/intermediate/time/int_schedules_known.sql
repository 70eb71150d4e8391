-- One row a schedule whose time zone and opening hours are known. Where hours of a schedule were rejected, and no sound version
-- took their place, nobody can say when it is open: it is left out, and what would be measured by it is null.
with schedules as (
    select
        schedule_id,
        time_zone
    from {{ ref('int_schedules_gated') }}
    where verdict = 'accepted'
),

hours as (
    select
        schedule_id,
        raw_key,
        verdict
    from {{ ref('int_schedule_hours_gated') }}
),

sound_hours as (
    select raw_key
    from hours
    where verdict = 'accepted'
),

in_doubt as (
    select hours.schedule_id
    from hours
    left join sound_hours on hours.raw_key = sound_hours.raw_key
    where
        hours.verdict = 'quarantined'
        and sound_hours.raw_key is null
    group by hours.schedule_id
),

known as (
    select
        schedules.schedule_id,
        schedules.time_zone
    from schedules
    left join in_doubt on schedules.schedule_id = in_doubt.schedule_id
    where in_doubt.schedule_id is null
)

select * from known
