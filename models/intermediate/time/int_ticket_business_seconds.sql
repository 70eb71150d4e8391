-- One row a countable ticket with a known schedule: its durations within opening hours.
with terms as (
    select
        ticket_id,
        schedule_id
    from {{ ref('int_ticket_terms') }}
    where schedule_id is not null
),

facts as (
    select * from {{ ref('int_ticket_facts') }}
),

calendar as (
    select * from {{ ref('int_business_calendar') }}
),

durations as (
    select
        terms.ticket_id,
        terms.schedule_id,
        {{ open_seconds_until('at_response', 'facts.first_responded_at') }}
        - {{ open_seconds_until('at_waiting', 'facts.first_response_waiting_from') }} as first_response_business_seconds,
        {{ open_seconds_until('at_resolution', 'facts.resolved_at') }}
        - {{ open_seconds_until('at_creation', 'facts.created_at') }} as resolution_business_seconds
    from terms
    inner join facts on terms.ticket_id = facts.ticket_id
    left join calendar as at_creation
        on
            {{ holds_instant('at_creation', 'terms.schedule_id', 'facts.created_at') }}
    left join calendar as at_waiting
        on
            {{ holds_instant('at_waiting', 'terms.schedule_id', 'facts.first_response_waiting_from') }}
    left join calendar as at_response
        on
            {{ holds_instant('at_response', 'terms.schedule_id', 'facts.first_responded_at') }}
    left join calendar as at_resolution
        on
            {{ holds_instant('at_resolution', 'terms.schedule_id', 'facts.resolved_at') }}
)

select * from durations
