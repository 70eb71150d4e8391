-- The history of every countable ticket in its order; what happened before the ticket was created counts at its creation.
with events as (
    select * from {{ ref('int_ticket_events_gated') }}
    where verdict = 'accepted'
),

tickets as (
    select * from {{ ref('int_tickets_classified') }}
    where exclusion_reason is null
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

status_map as (
    select * from {{ ref('status_map') }}
),

ordered as (
    select
        events.ticket_id,
        greatest(events.occurred_at, tickets.created_at) as effective_at,
        row_number() over (
            partition by events.ticket_id
            order by events.occurred_at, events.sequence nulls last, {{ bytewise('events.event_id') }}
        ) as event_ordinal,
        events.event_type,
        case when events.event_type = 'status' then from_map.status else events.from_value end as from_value,
        case when events.event_type = 'status' then to_map.status else events.to_value end as to_value,
        events.reason
    from events
    inner join tickets on events.ticket_id = tickets.ticket_id
    cross join as_of
    left join status_map as from_map
        on case when events.event_type = 'status' then {{ listed_word('events.from_value') }} end = from_map.source_status
    left join status_map as to_map
        on case when events.event_type = 'status' then {{ listed_word('events.to_value') }} end = to_map.source_status
    where events.occurred_at <= as_of.as_of
)

select * from ordered
