-- One row an opening of the business calendar and drawer of open seconds that it fills in part: from a number of open seconds
-- back to the instant at which it is reached (see open_seconds_drawer).
with calendar as (
    select * from {{ ref('int_business_calendar') }}
    where open_seconds > 0
),

numbers as (
    {{ whole_numbers(1) | indent(4) }}
),

drawers as (
    select
        calendar.schedule_id,
        {{ open_seconds_drawer('calendar.open_seconds_before') }} + numbers.number as drawer,
        calendar.starts_at as opens_at,
        calendar.open_seconds_before,
        calendar.open_seconds_before + calendar.open_seconds as open_seconds_after
    from calendar
    cross join numbers
    where {{ open_seconds_drawer('calendar.open_seconds_before') }} + numbers.number <= {{ open_seconds_drawer('calendar.open_seconds_before + calendar.open_seconds - 1') }}
)

select * from drawers
