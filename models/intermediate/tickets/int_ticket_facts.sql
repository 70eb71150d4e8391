-- Every countable ticket with what its own rows say; what depends on other tickets or on who owned it comes after.
with tickets as (
    select * from {{ ref('int_tickets_classified') }}
    where exclusion_reason is null
),

resolutions as (
    select * from {{ ref('int_ticket_resolutions') }}
),

first_responses as (
    select * from {{ ref('int_ticket_first_responses') }}
),

status_spans as (
    select * from {{ ref('int_ticket_statuses_in_force') }}
),

contacts as (
    select
        ticket_id,
        cast(sum(case when is_public and (author_type = 'customer' or is_human) then 1 else 0 end) as {{ dbt.type_bigint() }}) as public_interaction_count,
        cast(sum(case when direction = 'inbound' and author_type = 'customer' then 1 else 0 end) as {{ dbt.type_bigint() }}) as inbound_interaction_count,
        cast(sum(handle_seconds) as {{ dbt.type_bigint() }}) as handle_seconds
    from {{ ref('int_interactions_grouped') }}
    group by ticket_id
),

reassignments as (
    select
        ticket_id,
        count(*) as reassignment_count
    from {{ ref('int_ticket_events_ordered') }}
    where
        event_type = 'assignee'
        and from_value <> to_value
    group by ticket_id
),

-- What a ticket lived through until it was resolved for good.
lived as (
    select
        resolutions.ticket_id,
        status_spans.status,
        status_spans.starts_at,
        case
            when status_spans.ends_at < resolutions.resolved_at then status_spans.ends_at
            else resolutions.resolved_at
        end as ends_at
    from resolutions
    inner join status_spans on resolutions.ticket_id = status_spans.ticket_id
    where status_spans.starts_at < resolutions.resolved_at
),

waits as (
    select
        ticket_id,
        cast(sum(
            case when status in ('new', 'open', 'hold') then {{ seconds_between('starts_at', 'ends_at') }} else 0 end
        ) as {{ dbt.type_bigint() }}) as requester_wait_seconds,
        cast(sum(
            case when status in ('new', 'open') then {{ seconds_between('starts_at', 'ends_at') }} else 0 end
        ) as {{ dbt.type_bigint() }}) as agent_work_seconds
    from lived
    group by ticket_id
),

facts as (
    select
        tickets.ticket_id,
        tickets.source_system,
        tickets.customer_id,
        tickets.segment,
        tickets.customer_business_unit_id,
        tickets.business_unit_id,
        tickets.channel,
        tickets.priority,
        tickets.ticket_type,
        tickets.topic_id,
        resolutions.status,
        tickets.created_at,
        coalesce(first_responses.is_agent_opened, false) as is_agent_opened,
        first_responses.waiting_from as first_response_waiting_from,
        first_responses.first_responded_at,
        first_responses.first_response_agent_id,
        {{ seconds_between('first_responses.waiting_from', 'first_responses.first_responded_at') }} as first_response_seconds,
        coalesce(first_responses.human_reply_count, 0) as human_reply_count,
        coalesce(first_responses.bot_reply_count, 0) as bot_reply_count,
        resolutions.first_resolved_at,
        resolutions.resolved_at,
        resolutions.is_resolution_inferred,
        resolutions.has_status_history,
        {{ seconds_between('tickets.created_at', 'resolutions.first_resolved_at') }} as first_resolution_seconds,
        {{ seconds_between('tickets.created_at', 'resolutions.resolved_at') }} as resolution_seconds,
        resolutions.reopen_count,
        case
            when resolutions.resolved_at is not null and resolutions.has_status_history
                then coalesce(waits.requester_wait_seconds, 0)
        end as requester_wait_seconds,
        case
            when resolutions.resolved_at is not null and resolutions.has_status_history
                then coalesce(waits.agent_work_seconds, 0)
        end as agent_work_seconds,
        coalesce(reassignments.reassignment_count, 0) as reassignment_count,
        coalesce(contacts.public_interaction_count, 0) as public_interaction_count,
        coalesce(contacts.inbound_interaction_count, 0) as inbound_interaction_count,
        contacts.handle_seconds
    from tickets
    inner join resolutions on tickets.ticket_id = resolutions.ticket_id
    left join first_responses on tickets.ticket_id = first_responses.ticket_id
    left join waits on tickets.ticket_id = waits.ticket_id
    left join contacts on tickets.ticket_id = contacts.ticket_id
    left join reassignments on tickets.ticket_id = reassignments.ticket_id
)

select * from facts
