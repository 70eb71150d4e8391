-- One row a schedule whose time zone and opening hours are known. A schedule without hours is never open; one of whose hours every
-- row was rejected is open nobody knows when: it is left out, and what would be measured by it is null.
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
        sum(case when verdict = 'accepted' then 1 else 0 end) as accepted_count
    from {{ ref('int_schedule_hours_gated') }}
    group by schedule_id
),

known as (
    select
        schedules.schedule_id,
        schedules.time_zone
    from schedules
    left join hours on schedules.schedule_id = hours.schedule_id
    where
        hours.schedule_id is null
        or hours.accepted_count > 0
)

select * from known
