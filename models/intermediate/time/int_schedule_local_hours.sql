-- One row a schedule, local date and unbroken opening time of that date; overlapping hours are united. The ends are seconds of the
-- local wall clock since 1970, and say nothing of UTC yet.
with schedules as (
    select * from {{ ref('int_schedules_known') }}
),

days as (
    select
        date_day,
        {{ iso_day_of_week('date_day') }} as day_of_week,
        {{ epoch_seconds('cast(date_day as ' ~ dbt.type_timestamp() ~ ')') }} as midnight_epoch
    from {{ ref('int_calendar_days') }}
),

hours as (
    select
        schedule_id,
        day_of_week,
        valid_from,
        valid_to,
        3600 * cast(substr(opens_at, 1, 2) as integer) + 60 * cast(substr(opens_at, 4, 2) as integer) as opens_second,
        3600 * cast(substr(closes_at, 1, 2) as integer) + 60 * cast(substr(closes_at, 4, 2) as integer) as closes_second
    from {{ ref('int_schedule_hours_gated') }}
    where verdict = 'accepted'
),

holidays as (
    select
        schedule_id,
        holiday_on
    from {{ ref('int_holidays_gated') }}
    where verdict = 'accepted'
),

in_force as (
    select
        schedules.schedule_id,
        schedules.time_zone,
        days.date_day as local_date,
        days.midnight_epoch + hours.opens_second as opens_epoch,
        days.midnight_epoch + hours.closes_second as closes_epoch
    from schedules
    inner join hours on schedules.schedule_id = hours.schedule_id
    inner join days on hours.day_of_week = days.day_of_week
    left join holidays
        on
            schedules.schedule_id = holidays.schedule_id
            and days.date_day = holidays.holiday_on
    where
        holidays.schedule_id is null
        and (hours.valid_from is null or hours.valid_from <= days.date_day)
        and (hours.valid_to is null or days.date_day < hours.valid_to)
),

reached as (
    select
        *,
        max(closes_epoch) over (
            partition by schedule_id, local_date
            order by opens_epoch, closes_epoch
            rows between unbounded preceding and 1 preceding
        ) as closes_epoch_before
    from in_force
),

numbered as (
    select
        *,
        sum(case when opens_epoch <= closes_epoch_before then 0 else 1 end) over (
            partition by schedule_id, local_date
            order by opens_epoch, closes_epoch
            rows between unbounded preceding and current row
        ) as opening_number
    from reached
),

united as (
    select
        schedule_id,
        time_zone,
        local_date,
        min(opens_epoch) as opens_epoch,
        max(closes_epoch) as closes_epoch
    from numbered
    group by schedule_id, time_zone, local_date, opening_number
)

select * from united
