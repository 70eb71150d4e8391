-- Protects the escalation rate and the count of escalations: a ticket is escalated exactly if it has escalations, and
-- exactly one of them, the earliest, is its first.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

escalations as (
    select
        ticket_id,
        min(escalated_at) as first_escalated_at,
        min(case when is_first then escalated_at end) as marked_first_at,
        sum(case when is_first then 1 else 0 end) as first_count
    from {{ ref('fct_escalations') }}
    group by ticket_id
)

select
    coalesce(tickets.ticket_id, escalations.ticket_id) as ticket_id,
    tickets.first_escalated_at,
    escalations.marked_first_at,
    escalations.first_count
from tickets
full outer join escalations on tickets.ticket_id = escalations.ticket_id
where
    tickets.ticket_id is null
    or tickets.is_escalated <> (escalations.ticket_id is not null)
    or (tickets.first_escalated_at is null) <> (escalations.ticket_id is null)
    or tickets.first_escalated_at <> escalations.first_escalated_at
    or escalations.first_count <> 1
    or escalations.marked_first_at <> escalations.first_escalated_at
