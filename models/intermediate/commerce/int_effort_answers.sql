-- Every CES answer that counts and whose customer is known, with its band of effort. A survey without a customer is the requester's.
with surveys as (
    select * from {{ ref('fct_survey_responses') }}
    where
        survey_type = 'ces'
        and is_answered
        and not is_superseded
),

tickets as (
    select
        ticket_id,
        customer_id
    from {{ ref('fct_tickets') }}
),

attributed as (
    select
        surveys.response_id,
        coalesce(surveys.customer_id, tickets.customer_id) as customer_id,
        surveys.responded_at,
        surveys.ease_or_satisfaction,
        surveys.is_easy
    from surveys
    left join tickets on surveys.ticket_id = tickets.ticket_id
),

banded as (
    select
        response_id,
        customer_id,
        responded_at,
        case
            when is_easy then 'low_effort'
            when {{ reaches_share('ease_or_satisfaction', '1', 1, 3) }} then 'medium_effort'
            else 'high_effort'
        end as effort_band
    from attributed
    where customer_id is not null
)

select * from banded
