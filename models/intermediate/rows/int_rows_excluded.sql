-- Accepted rows that no mart counts, with the first reason that holds. An event belongs to its own ticket; interactions and
-- surveys to the ticket that survived its merges.
with tickets as (
    select * from {{ ref('int_tickets_classified') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

rows_of_tickets as (
    select
        'ticket_events' as raw_table,
        ticket_id,
        occurred_at as dated_at,
        false as is_moved_by_merge
    from {{ ref('int_ticket_events_gated') }}
    where verdict = 'accepted'
    union all
    select
        'interactions' as raw_table,
        ticket_id,
        started_at as dated_at,
        true as is_moved_by_merge
    from {{ ref('int_interactions_gated') }}
    where verdict = 'accepted'
    union all
    select
        'survey_responses' as raw_table,
        ticket_id,
        coalesce(responded_at, sent_at) as dated_at,
        true as is_moved_by_merge
    from {{ ref('int_survey_responses_gated') }}
    where verdict = 'accepted'
    union all
    select
        'orders' as raw_table,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        ordered_at as dated_at,
        false as is_moved_by_merge
    from {{ ref('int_orders_gated') }}
    where verdict = 'accepted'
),

reasons as (
    select
        'tickets' as raw_table,
        exclusion_reason as reason
    from tickets
    union all
    select
        rows_of_tickets.raw_table,
        case
            when rows_of_tickets.is_moved_by_merge then survivors.exclusion_reason
            else own_tickets.exclusion_reason
        end as reason
    from rows_of_tickets
    inner join tickets as own_tickets on rows_of_tickets.ticket_id = own_tickets.ticket_id
    inner join tickets as survivors on own_tickets.survivor_ticket_id = survivors.ticket_id
    where
        case
            when rows_of_tickets.is_moved_by_merge then survivors.exclusion_reason
            else own_tickets.exclusion_reason
        end is not null
    union all
    select
        rows_of_tickets.raw_table,
        'after_as_of' as reason
    from rows_of_tickets
    cross join as_of
    left join tickets as own_tickets on rows_of_tickets.ticket_id = own_tickets.ticket_id
    left join tickets as survivors on own_tickets.survivor_ticket_id = survivors.ticket_id
    where
        rows_of_tickets.dated_at > as_of.as_of
        and case
            when rows_of_tickets.is_moved_by_merge then survivors.exclusion_reason
            else own_tickets.exclusion_reason
        end is null
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
