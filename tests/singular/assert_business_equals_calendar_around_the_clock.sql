-- Protects the clock changes: on a schedule that is open throughout, business and calendar seconds are the same, in every night of the
-- year.
with calendar as (
    select * from {{ ref('int_business_calendar') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

terms as (
    select * from {{ ref('int_ticket_terms') }}
),

always_open as (
    select calendar.schedule_id
    from calendar
    cross join as_of
    where
        calendar.ends_at > as_of.first_instant
        and calendar.starts_at <= as_of.as_of
    group by calendar.schedule_id
    having sum(case when calendar.closes_at < calendar.ends_at then 1 else 0 end) = 0
)

select
    tickets.ticket_id,
    tickets.first_response_seconds,
    tickets.first_response_business_seconds,
    tickets.resolution_seconds,
    tickets.resolution_business_seconds
from tickets
inner join terms on tickets.ticket_id = terms.ticket_id
inner join always_open on terms.schedule_id = always_open.schedule_id
where
    tickets.first_response_seconds <> tickets.first_response_business_seconds
    or tickets.resolution_seconds <> tickets.resolution_business_seconds
