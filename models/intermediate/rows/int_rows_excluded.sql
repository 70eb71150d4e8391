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

-- What is wrong with the ticket of a row; a row without a ticket has nothing to be wrong.
judged as (
    select
        dated.raw_table,
        dated.dated_at,
        case
            when dated.is_moved_by_merge then survivors.exclusion_reason
            else own_tickets.exclusion_reason
        end as ticket_reason
    from dated
    left join tickets as own_tickets on dated.ticket_id = own_tickets.ticket_id
    left join tickets as survivors on own_tickets.survivor_ticket_id = survivors.ticket_id
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
