-- Protects the prefix sums by a second route: the business seconds of a ticket's spans up to its final resolution are those from
-- its creation to it.
with tickets as (
    select * from {{ ref('fct_tickets') }}
    where
        resolution_business_seconds is not null
        and not is_resolution_inferred
),

spans as (
    select
        ticket_id,
        sum(business_seconds) as business_seconds
    from {{ ref('fct_ticket_status_spans') }}
    group by ticket_id
)

select
    tickets.ticket_id,
    tickets.resolution_business_seconds,
    spans.business_seconds
from tickets
left join spans on tickets.ticket_id = spans.ticket_id
where coalesce(spans.business_seconds, 0) <> tickets.resolution_business_seconds
