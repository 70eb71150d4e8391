-- One row a time zone of a schedule and stretch of time in which its offset from UTC stays the same. Found by asking the engine
-- only what the local clock shows at an instant, which no engine answers differently: never the other way round.
with days as (
    select
        date_day,
        cast(date_day as {{ dbt.type_timestamp() }}) as starts_at
    from {{ ref('int_calendar_days') }}
),

time_zones as (
    select time_zone
    from {{ ref('int_schedules_known') }}
    group by time_zone
),

numbers as (
    {{ whole_numbers(2) | indent(4) }}
),

midnights as (
    select
        time_zones.time_zone,
        days.starts_at,
        {{ seconds_between('days.starts_at', to_local('days.starts_at', 'time_zones.time_zone')) }} as utc_offset_seconds
    from days
    cross join time_zones
),

-- A day at whose end the offset is another than at its start.
compared as (
    select
        time_zone,
        starts_at,
        utc_offset_seconds,
        lead(utc_offset_seconds) over (partition by time_zone order by starts_at) as offset_after,
        row_number() over (partition by time_zone order by starts_at) as day_ordinal
    from midnights
),

-- The whole hours of that day before the change, then the whole minutes of the hour in which it comes.
hours as (
    select
        compared.time_zone,
        compared.starts_at,
        compared.offset_after,
        {{ plus_seconds('compared.starts_at', '3600 * numbers.number') }} as hour_at
    from compared
    cross join numbers
    where
        compared.utc_offset_seconds <> compared.offset_after
        and numbers.number < 24
),

last_hours as (
    select
        time_zone,
        offset_after,
        max(hour_at) as hour_at
    from hours
    where {{ seconds_between('hour_at', to_local('hour_at', 'time_zone')) }} <> offset_after
    group by time_zone, starts_at, offset_after
),

minutes as (
    select
        last_hours.time_zone,
        last_hours.hour_at,
        last_hours.offset_after,
        {{ plus_seconds('last_hours.hour_at', '60 * numbers.number') }} as minute_at
    from last_hours
    cross join numbers
    where numbers.number < 60
),

changes as (
    select
        time_zone,
        offset_after,
        {{ epoch_seconds('max(minute_at)') }} + 60 as starts_epoch
    from minutes
    where {{ seconds_between('minute_at', to_local('minute_at', 'time_zone')) }} <> offset_after
    group by time_zone, hour_at, offset_after
),

starts as (
    select
        time_zone,
        {{ epoch_seconds('starts_at') }} as starts_epoch,
        utc_offset_seconds
    from compared
    where day_ordinal = 1
    union all
    select
        time_zone,
        starts_epoch,
        offset_after as utc_offset_seconds
    from changes
),

offsets as (
    select
        time_zone,
        utc_offset_seconds,
        starts_epoch,
        lead(starts_epoch, 1, {{ epoch_seconds(end_of_time()) }}) over (partition by time_zone order by starts_epoch) as ends_epoch
    from starts
)

select * from offsets
