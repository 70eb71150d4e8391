-- Protects every business duration: never below zero, never longer than the same by the calendar, and known wherever the opening
-- hours and the calendar duration are.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

spans as (
    select * from {{ ref('fct_ticket_status_spans') }}
),

terms as (
    select * from {{ ref('int_ticket_terms') }}
),

durations as (
    select
        ticket_id,
        'first response' as duration,
        first_response_business_seconds as business_seconds,
        first_response_seconds as calendar_seconds
    from tickets
    union all
    select
        ticket_id,
        'resolution' as duration,
        resolution_business_seconds as business_seconds,
        resolution_seconds as calendar_seconds
    from tickets
    union all
    select
        ticket_id,
        'status span' as duration,
        business_seconds,
        calendar_seconds
    from spans
)

select
    durations.ticket_id,
    durations.duration,
    durations.business_seconds,
    durations.calendar_seconds
from durations
inner join terms on durations.ticket_id = terms.ticket_id
where
    durations.business_seconds < 0
    or durations.business_seconds > durations.calendar_seconds
    or (durations.business_seconds is not null) <> (durations.calendar_seconds is not null and terms.schedule_id is not null)
