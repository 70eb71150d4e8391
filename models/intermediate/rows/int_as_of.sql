-- Tables without a dated row leave as_of null, and every mart empty.
with instants as (
    select
        created_at as instant,
        true as is_service
    from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
    union all
    select
        occurred_at as instant,
        true as is_service
    from {{ ref('int_ticket_events_gated') }}
    where verdict = 'accepted'
    union all
    select
        started_at as instant,
        true as is_service
    from {{ ref('int_interactions_gated') }}
    where verdict = 'accepted'
    union all
    select
        responded_at as instant,
        false as is_service
    from {{ ref('int_survey_responses_gated') }}
    where verdict = 'accepted'
    union all
    select
        ordered_at as instant,
        false as is_service
    from {{ ref('int_orders_gated') }}
    where verdict = 'accepted'
),

latest as (
    select
        coalesce({{ configured_as_of() }}, max(instant)) as as_of,
        min(instant) as first_instant,
        min(case when is_service then instant end) as first_service_at
    from instants
)

select * from latest
