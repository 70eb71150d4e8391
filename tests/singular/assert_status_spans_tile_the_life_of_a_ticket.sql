-- Protects fct_ticket_status_spans and the durations of fct_tickets: the spans of a ticket follow one another without gap or
-- overlap from its creation to its final resolution (or go on), each in another status than the one before, and their
-- seconds add up to the durations that were computed without them.
with spans as (
    select
        spans.*,
        lag(spans.ends_at) over (partition by spans.ticket_id order by spans.starts_at) as previous_ends_at,
        lag(spans.status) over (partition by spans.ticket_id order by spans.starts_at) as previous_status
    from {{ ref('fct_ticket_status_spans') }} as spans
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

lives as (
    select
        ticket_id,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at,
        sum(case when ends_at is null then 1 else 0 end) as running_count,
        sum(calendar_seconds) as calendar_seconds,
        sum(case when status in ('new', 'open', 'hold') then calendar_seconds else 0 end) as wait_seconds,
        sum(case when status in ('new', 'open') then calendar_seconds else 0 end) as work_seconds
    from spans
    group by ticket_id
),

problems as (
    select
        'a gap, an overlap, a span of no length or two in one status' as problem,
        ticket_id
    from spans
    where
        ends_at <= starts_at
        or (previous_status is not null and (previous_ends_at is null or previous_ends_at <> starts_at or previous_status = status))
    union all
    select
        'the life does not begin at creation' as problem,
        tickets.ticket_id
    from tickets
    inner join lives on tickets.ticket_id = lives.ticket_id
    where lives.starts_at <> tickets.created_at
    union all
    select
        'an unresolved ticket is not in exactly one running span' as problem,
        tickets.ticket_id
    from tickets
    left join lives on tickets.ticket_id = lives.ticket_id
    where
        tickets.resolved_at is null
        and coalesce(lives.running_count, 0) <> 1
    union all
    select
        'a resolved ticket does not end at its resolution, or its seconds do not add up' as problem,
        tickets.ticket_id
    from tickets
    left join lives on tickets.ticket_id = lives.ticket_id
    where
        tickets.resolved_at is not null
        and not tickets.is_resolution_inferred
        and (
            coalesce(lives.running_count, 0) <> 0
            or coalesce(lives.ends_at, tickets.created_at) <> tickets.resolved_at
            or coalesce(lives.calendar_seconds, 0) <> tickets.resolution_seconds
            or coalesce(lives.wait_seconds, 0) <> tickets.requester_wait_seconds
            or coalesce(lives.work_seconds, 0) <> tickets.agent_work_seconds
        )
)

select * from problems
