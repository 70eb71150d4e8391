-- One row an opening of the business calendar and drawer of open seconds that it fills in part: from a number of open seconds
-- back to the instant at which it is reached (see open_seconds_drawer).
with calendar as (
    select
        schedule_id,
        starts_at as opens_at,
        open_seconds_before,
        open_seconds_before + open_seconds as open_seconds_after,
        {{ open_seconds_drawer('open_seconds_before') }} as first_drawer,
        {{ open_seconds_drawer('open_seconds_before + open_seconds - 1') }} as last_drawer
    from {{ ref('int_business_calendar') }}
    where open_seconds > 0
),

numbers as (
    {{ whole_numbers(1) | indent(4) }}
),

drawers as (
    select
        calendar.schedule_id,
        calendar.first_drawer + numbers.number as drawer,
        calendar.opens_at,
        calendar.open_seconds_before,
        calendar.open_seconds_after
    from calendar
    cross join numbers
    where calendar.first_drawer + numbers.number <= calendar.last_drawer
)

select * from drawers
