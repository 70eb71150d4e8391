-- Accepted rows that no mart counts, with the first reason that holds.
with tickets as (
    select * from {{ ref('int_tickets_classified') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

dated as (
    select * from {{ ref('int_rows_dated') }}
),

-- What is wrong with a ticket, or with the one that survived its merges; of the many that are well none is looked for.
ticket_reasons as (
    select
        own_tickets.ticket_id,
        own_tickets.exclusion_reason as own_reason,
        survivors.exclusion_reason as survivor_reason
    from tickets as own_tickets
    left join tickets as survivors on own_tickets.survivor_ticket_id = survivors.ticket_id
    where
        own_tickets.exclusion_reason is not null
        or survivors.exclusion_reason is not null
),

judged as (
    select
        dated.raw_table,
        dated.dated_at,
        case
            when dated.is_moved_by_merge then ticket_reasons.survivor_reason
            else ticket_reasons.own_reason
        end as ticket_reason
    from dated
    left join ticket_reasons on dated.ticket_id = ticket_reasons.ticket_id
),

reasons as (
    select
        'tickets' as raw_table,
        exclusion_reason as reason
    from tickets
    union all
    select
        judged.raw_table,
        case
            when judged.ticket_reason is not null then judged.ticket_reason
            when judged.dated_at > as_of.as_of then 'after_as_of'
        end as reason
    from judged
    cross join as_of
),

excluded as (
    select
        raw_table,
        reason,
        count(*) as excluded_count
    from reasons
    where reason is not null
    group by raw_table, reason
)

select * from excluded
