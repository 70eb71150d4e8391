-- One row a change of a countable ticket into solved or closed from another state, or back out of them; an inferred resolution
-- is one.
with events as (
    select
        ticket_id,
        effective_at,
        event_ordinal,
        to_value in ('solved', 'closed') as is_solved_after
    from {{ ref('int_ticket_events_ordered') }}
    where event_type = 'status'
),

inferred as (
    select
        ticket_id,
        resolved_at
    from {{ ref('int_ticket_facts') }}
    where is_resolution_inferred
),

compared as (
    select
        *,
        coalesce(lag(is_solved_after) over (partition by ticket_id order by event_ordinal), false) as is_solved_before
    from events
),

changes as (
    select
        ticket_id,
        effective_at as changed_at,
        event_ordinal,
        is_solved_after
    from compared
    where is_solved_after <> is_solved_before
    union all
    select
        ticket_id,
        resolved_at as changed_at,
        1 as event_ordinal,
        true as is_solved_after
    from inferred
)

select * from changes
