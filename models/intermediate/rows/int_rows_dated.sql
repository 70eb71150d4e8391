-- Accepted rows other than tickets that a date of their own places in time, with the ticket that they follow. Only counted, so a
-- view. An event belongs to its own ticket; interactions and surveys to the ticket that survived its merges.
{{ config(materialized='view') }}

with dated as (
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
        'employee_survey_responses' as raw_table,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        responded_at as dated_at,
        false as is_moved_by_merge
    from {{ ref('int_employee_survey_responses_gated') }}
    where verdict = 'accepted'
    union all
    select
        'orders' as raw_table,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        ordered_at as dated_at,
        false as is_moved_by_merge
    from {{ ref('int_orders_gated') }}
    where verdict = 'accepted'
)

select * from dated
