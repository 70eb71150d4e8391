{%- set window_days = 90 -%}
{%- set ticket_window_days = 30 -%}
-- What customers did after a CES answer: one row an answer and outcome that can be told by as_of. Windows leave out the instant of the
-- answer and hold that of their end.
with answers as (
    select * from {{ ref('int_effort_answers') }}
),

coverage as (
    select * from {{ ref('int_activity_coverage') }}
),

orders as (
    select
        customer_id,
        ordered_at
    from {{ ref('fct_orders') }}
),

tickets as (
    select
        ticket_id,
        customer_id,
        created_at
    from {{ ref('fct_tickets') }}
),

activity as (
    select * from {{ ref('int_effort_activity') }}
),

-- A survey without a customer is the requester's, as in int_effort_answers.
recommendations as (
    select
        surveys.response_id,
        coalesce(surveys.customer_id, tickets.customer_id) as customer_id,
        surveys.responded_at,
        surveys.nps_group
    from {{ ref('fct_survey_responses') }} as surveys
    left join tickets on surveys.ticket_id = tickets.ticket_id
    where
        surveys.survey_type = 'nps'
        and surveys.is_answered
        and not surveys.is_superseded
),

closed_answers as (
    select answers.*
    from answers
    cross join coverage
    where {{ plus_days('answers.responded_at', window_days) }} <= coverage.as_of
),

bought as (
    select closed_answers.response_id
    from closed_answers
    inner join orders
        on
            closed_answers.customer_id = orders.customer_id
            and closed_answers.responded_at < orders.ordered_at
            and orders.ordered_at <= {{ plus_days('closed_answers.responded_at', window_days) }}
    group by closed_answers.response_id
),

came_back as (
    select answers.response_id
    from answers
    inner join tickets
        on
            answers.customer_id = tickets.customer_id
            and answers.responded_at < tickets.created_at
            and tickets.created_at <= {{ plus_days('answers.responded_at', ticket_window_days) }}
    group by answers.response_id
),

recommended as (
    select
        closed_answers.response_id,
        recommendations.nps_group,
        row_number() over (
            partition by closed_answers.response_id
            order by recommendations.responded_at, {{ bytewise('recommendations.response_id') }}
        ) as answer_rank
    from closed_answers
    inner join recommendations
        on
            closed_answers.customer_id = recommendations.customer_id
            and closed_answers.responded_at < recommendations.responded_at
            and recommendations.responded_at <= {{ plus_days('closed_answers.responded_at', window_days) }}
),

sales as (
    select count(*) as orders_count
    from orders
),

outcomes as (
    -- Without any order in the input nobody knows who bought.
    select
        closed_answers.response_id,
        'bought_within_{{ window_days }}_days' as outcome,
        bought.response_id is not null as has_outcome
    from closed_answers
    cross join sales
    left join bought on closed_answers.response_id = bought.response_id
    where sales.orders_count > 0
    union all
    select
        recommended.response_id,
        'next_nps_promoter_within_{{ window_days }}_days' as outcome,
        recommended.nps_group = 'promoter' as has_outcome
    from recommended
    where recommended.answer_rank = 1
    union all
    select
        answers.response_id,
        'new_ticket_within_{{ ticket_window_days }}_days' as outcome,
        came_back.response_id is not null as has_outcome
    from answers
    cross join coverage
    left join came_back on answers.response_id = came_back.response_id
    where {{ plus_days('answers.responded_at', ticket_window_days) }} <= coverage.as_of
    union all
    -- Still active can only be who was active when answering.
    select
        activity.response_id,
        'active_after_{{ window_days }}_days' as outcome,
        activity.is_active_later as has_outcome
    from activity
    cross join coverage
    where
        activity.is_active_at_answer
        and activity.later_at <= coverage.as_of
),

banded as (
    select
        outcomes.response_id,
        outcomes.outcome,
        answers.effort_band,
        outcomes.has_outcome
    from outcomes
    inner join answers on outcomes.response_id = answers.response_id
)

select * from banded
