-- The status that held from one instant to the next, for tickets whose history has a status event; solved and closed are one
-- state here. The first row begins at creation with the state before the first event.
with events as (
    select * from {{ ref('int_ticket_events_ordered') }}
    where event_type = 'status'
),

tickets as (
    select * from {{ ref('int_tickets_classified') }}
    where exclusion_reason is null
),

instants as (
    select
        ticket_id,
        effective_at,
        case when to_value = 'closed' then 'solved' else to_value end as status,
        case when from_value in ('solved', 'closed') then 'new' else coalesce(from_value, 'new') end as status_before,
        lag(effective_at) over (partition by ticket_id order by event_ordinal) as previous_at,
        lead(effective_at) over (partition by ticket_id order by event_ordinal) as next_at
    from events
),

-- Of the events of one instant the last says what holds. A state before the first event that lasts no time is none.
states as (
    select
        ticket_id,
        effective_at as starts_at,
        status
    from instants
    where next_at is null or next_at > effective_at
    union all
    select
        instants.ticket_id,
        tickets.created_at as starts_at,
        instants.status_before as status
    from instants
    inner join tickets on instants.ticket_id = tickets.ticket_id
    where
        instants.previous_at is null
        and instants.effective_at > tickets.created_at
),

compared as (
    select
        ticket_id,
        starts_at,
        status,
        lag(status) over (partition by ticket_id order by starts_at) as previous_status
    from states
),

unbroken as (
    select
        ticket_id,
        status,
        starts_at,
        lead(starts_at) over (partition by ticket_id order by starts_at) as ends_at
    from compared
    where previous_status is null or previous_status <> status
)

select * from unbroken
