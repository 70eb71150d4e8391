-- The assignee, team or priority that held from one instant to the next, for tickets whose history says so. The first
-- interval begins before all time with the from_value of the first event, the last one never ends. A priority that is none of
-- the contract's is not known.
{%- set priorities = contract('tickets').columns | selectattr('name', 'equalto', 'priority') | map(attribute='values') | sum(start=[]) %}
with events as (
    select * from {{ ref('int_ticket_events_ordered') }}
    where event_type in ('assignee', 'team', 'priority')
),

-- All events of one instant count together: what the last of them says holds.
instants as (
    select
        events.*,
        lag(events.effective_at) over (partition by events.ticket_id, events.event_type order by events.event_ordinal) as previous_at,
        lead(events.effective_at) over (partition by events.ticket_id, events.event_type order by events.event_ordinal) as next_at
    from events
),

changes as (
    select
        ticket_id,
        event_type,
        to_value as value_in_force,
        effective_at as valid_from
    from instants
    where next_at is null or next_at > effective_at
    union all
    select
        ticket_id,
        event_type,
        from_value as value_in_force,
        {{ beginning_of_time() }} as valid_from
    from instants
    where previous_at is null
),

in_force as (
    select
        ticket_id,
        event_type,
        case
            when event_type <> 'priority' then value_in_force
            when {{ listed_word('value_in_force') }} in ({{ quoted_list(priorities) }}) then {{ listed_word('value_in_force') }}
        end as value_in_force,
        valid_from,
        lead(valid_from, 1, {{ end_of_time() }}) over (
            partition by ticket_id, event_type
            order by valid_from
        ) as valid_to
    from changes
)

select * from in_force
