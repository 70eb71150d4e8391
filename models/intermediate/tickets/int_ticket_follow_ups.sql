-- Tickets after whose resolution the same customer came back with the same topic within the window.
with tickets as (
    select
        ticket_id,
        customer_id,
        topic_id,
        created_at,
        resolved_at
    from {{ ref('int_ticket_facts') }}
    where
        customer_id is not null
        and topic_id is not null
),

follow_ups as (
    select tickets.ticket_id
    from tickets
    inner join tickets as later_tickets
        on
            tickets.customer_id = later_tickets.customer_id
            and tickets.topic_id = later_tickets.topic_id
            and tickets.ticket_id <> later_tickets.ticket_id
            and later_tickets.created_at > tickets.resolved_at
            and later_tickets.created_at <= {{ plus_days('tickets.resolved_at', setting_in_days('fcr_window_days')) }}
    group by tickets.ticket_id
)

select * from follow_ups
