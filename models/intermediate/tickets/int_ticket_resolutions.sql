-- When each countable ticket was first and finally resolved, and how often it was reopened.
with tickets as (
    select * from {{ ref('int_tickets_classified') }}
    where exclusion_reason is null
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

events as (
    select * from {{ ref('int_ticket_events_ordered') }}
    where event_type = 'status'
),

changes as (
    select
        ticket_id,
        effective_at,
        event_ordinal,
        to_value,
        to_value in ('solved', 'closed') as is_solved_after,
        coalesce(
            lag(to_value) over (partition by ticket_id order by event_ordinal) in ('solved', 'closed'),
            false
        ) as is_solved_before,
        lead(event_ordinal) over (partition by ticket_id order by event_ordinal) is null as is_last
    from events
),

histories as (
    select
        ticket_id,
        min(case when is_solved_after and not is_solved_before then effective_at end) as first_resolved_at,
        max(case when is_solved_after and not is_solved_before then effective_at end) as last_resolved_at,
        bool_or(is_last and is_solved_after) as is_solved_now,
        max(case when is_last then to_value end) as last_status,
        cast(sum(case when is_solved_before and not is_solved_after then 1 else 0 end) as {{ dbt.type_bigint() }}) as reopen_count
    from changes
    group by ticket_id
),

-- Where the history has no status event, the ticket's own columns say how it ended.
inferred as (
    select
        tickets.ticket_id,
        case
            when tickets.status in ('solved', 'closed') and tickets.updated_at <= as_of.as_of
                then greatest(tickets.updated_at, tickets.created_at)
        end as resolved_at,
        tickets.status in ('solved', 'closed') and coalesce(tickets.updated_at > as_of.as_of, false) as is_not_yet_resolved
    from tickets
    cross join as_of
),

resolutions as (
    select
        tickets.ticket_id,
        tickets.created_at,
        case
            when histories.ticket_id is not null then histories.last_status
            when inferred.is_not_yet_resolved then 'open'
            else tickets.status
        end as status,
        case
            when histories.ticket_id is not null then histories.first_resolved_at
            else inferred.resolved_at
        end as first_resolved_at,
        case
            when histories.ticket_id is null then inferred.resolved_at
            when histories.is_solved_now then histories.last_resolved_at
        end as resolved_at,
        histories.ticket_id is null and inferred.resolved_at is not null as is_resolution_inferred,
        histories.ticket_id is not null as has_status_history,
        coalesce(histories.reopen_count, 0) as reopen_count
    from tickets
    inner join inferred on tickets.ticket_id = inferred.ticket_id
    left join histories on tickets.ticket_id = histories.ticket_id
)

select * from resolutions
