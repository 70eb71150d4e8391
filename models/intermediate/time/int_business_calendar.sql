-- One row a schedule and piece of a UTC day that begins at midnight or at an opening and lasts until the next such instant.
-- Open is its first part, up to closes_at. open_seconds_before counts from the beginning of the calendar, so that the open
-- seconds up to any instant are one equality join on schedule and day, and a duration is the difference of two.
--
-- An instant is open if the local clock, with the offset of that instant, shows a time within the hours of its local date.
-- Hours that a spring night skips are therefore not open, and those that an autumn night repeats are open twice.
with schedules as (
    select * from {{ ref('int_schedules_known') }}
),

days as (
    select
        {{ epoch_seconds('cast(date_day as ' ~ dbt.type_timestamp() ~ ')') }} as starts_epoch
    from {{ ref('int_calendar_days') }}
),

local_hours as (
    select * from {{ ref('int_schedule_local_hours') }}
),

offsets as (
    select * from {{ ref('int_time_zone_offsets') }}
),

openings as (
    select
        local_hours.schedule_id,
        greatest(local_hours.opens_epoch - offsets.utc_offset_seconds, offsets.starts_epoch) as opens_epoch,
        least(local_hours.closes_epoch - offsets.utc_offset_seconds, offsets.ends_epoch) as closes_epoch
    from local_hours
    inner join offsets
        on
            local_hours.time_zone = offsets.time_zone
            and local_hours.opens_epoch < offsets.ends_epoch + offsets.utc_offset_seconds
            and offsets.starts_epoch + offsets.utc_offset_seconds < local_hours.closes_epoch
),

-- Openings cut at the midnights of UTC, each of which they cross once at most.
pieces as (
    select
        schedule_id,
        opens_epoch,
        least(closes_epoch, 86400 * ({{ whole_division('opens_epoch', 86400) }} + 1)) as closes_epoch
    from openings
    union all
    select
        schedule_id,
        86400 * ({{ whole_division('opens_epoch', 86400) }} + 1) as opens_epoch,
        closes_epoch
    from openings
    where closes_epoch > 86400 * ({{ whole_division('opens_epoch', 86400) }} + 1)
    union all
    select
        schedules.schedule_id,
        days.starts_epoch as opens_epoch,
        days.starts_epoch as closes_epoch
    from schedules
    cross join days
),

-- The midnight itself and an opening at midnight are one.
merged as (
    select
        schedule_id,
        opens_epoch,
        max(closes_epoch) as closes_epoch
    from pieces
    group by schedule_id, opens_epoch
),

counted as (
    select
        schedule_id,
        opens_epoch,
        closes_epoch,
        lead(opens_epoch, 1, 86400 * ({{ whole_division('opens_epoch', 86400) }} + 1)) over (
            partition by schedule_id
            order by opens_epoch
        ) as ends_epoch,
        coalesce(
            sum(closes_epoch - opens_epoch) over (
                partition by schedule_id
                order by opens_epoch
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as open_seconds_before
    from merged
),

calendar as (
    select
        schedule_id,
        cast({{ instant_of_epoch('opens_epoch') }} as date) as date_day,
        {{ instant_of_epoch('opens_epoch') }} as starts_at,
        {{ instant_of_epoch('closes_epoch') }} as closes_at,
        {{ instant_of_epoch('ends_epoch') }} as ends_at,
        cast(open_seconds_before as {{ dbt.type_bigint() }}) as open_seconds_before,
        closes_epoch - opens_epoch as open_seconds
    from counted
)

select * from calendar
