-- Protects fct_tickets: creation, first resolution and final resolution in this order, nothing after as_of, seconds that are
-- the difference of the instants, and flags that say the same as the columns beside them.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
)

select tickets.ticket_id
from tickets
cross join as_of
where
    tickets.created_at > as_of.as_of
    or tickets.first_responded_at > as_of.as_of
    or tickets.resolved_at > as_of.as_of
    or tickets.first_resolved_at < tickets.created_at
    or tickets.resolved_at < tickets.first_resolved_at
    or (tickets.resolved_at is not null and tickets.first_resolved_at is null)
    or (tickets.first_responded_at < tickets.created_at and not tickets.is_agent_opened)
    or tickets.first_resolution_seconds <> {{ seconds_between('tickets.created_at', 'tickets.first_resolved_at') }}
    or tickets.resolution_seconds <> {{ seconds_between('tickets.created_at', 'tickets.resolved_at') }}
    or (tickets.resolution_seconds is null) <> (tickets.resolved_at is null)
    or (
        not tickets.is_agent_opened
        and tickets.first_response_seconds <> {{ seconds_between('tickets.created_at', 'tickets.first_responded_at') }}
    )
    or (tickets.first_response_seconds is null) <> (tickets.first_responded_at is null)
    or tickets.is_resolved <> (tickets.resolved_at is not null)
    or (tickets.is_resolved <> (tickets.status in ('solved', 'closed')) and tickets.resolved_at is not null)
    or (tickets.first_responded_at is not null and tickets.human_reply_count = 0)
    or (tickets.reopen_count > 0 and tickets.first_resolved_at is null)
    or (tickets.is_first_contact_resolution is not null) <> tickets.is_fcr_eligible
    or (tickets.is_fcr_eligible and not tickets.is_resolved)
    or (tickets.is_bot_resolved and tickets.human_reply_count > 0)
