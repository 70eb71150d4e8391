-- Protects fct_tickets and ops_exclusions: accepted tickets = countable + excluded by reason, and exactly the countable ones
-- are in the fact. The second route judges each ticket by its own columns, without the classification that the fact is built
-- on.
with accepted as (
    select * from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
),

facts as (
    select ticket_id from {{ ref('fct_tickets') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

countable as (
    select accepted.ticket_id
    from accepted
    cross join as_of
    where
        accepted.merged_into_ticket_id is null
        and not accepted.is_spam
        and not accepted.is_test
        and not accepted.is_deleted
        and accepted.created_at <= as_of.as_of
),

excluded as (
    select coalesce(sum(excluded_count), 0) as excluded_count
    from {{ ref('ops_exclusions') }}
    where raw_table = 'tickets'
),

counts as (
    select
        (select count(*) from accepted) as accepted_count,
        (select count(*) from facts) as countable_count,
        excluded.excluded_count
    from excluded
),

problems as (
    select
        'countable, but not in fct_tickets' as problem,
        countable.ticket_id
    from countable
    left join facts on countable.ticket_id = facts.ticket_id
    where facts.ticket_id is null
    union all
    select
        'in fct_tickets, but not countable' as problem,
        facts.ticket_id
    from facts
    left join countable on facts.ticket_id = countable.ticket_id
    where countable.ticket_id is null
    union all
    select
        'accepted tickets are not countable + excluded' as problem,
        cast(null as {{ dbt.type_string() }}) as ticket_id
    from counts
    where accepted_count <> countable_count + excluded_count
)

select * from problems
