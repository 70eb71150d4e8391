with answers as (
    select * from {{ ref('int_survey_answers') }}
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

tickets as (
    select
        ticket_id,
        business_unit_id,
        segment
    from {{ ref('fct_tickets') }}
),

credited as (
    select
        answers.response_id,
        answers.survey_type,
        answers.ticket_id,
        answers.customer_id,
        coalesce(answers.business_unit_id, tickets.business_unit_id, answers.customer_business_unit_id) as business_unit_id,
        coalesce(answers.segment, tickets.segment) as segment,
        owners.agent_id,
        owners.team_id,
        answers.sent_at,
        answers.responded_at,
        {{ reporting_date('answers.sent_at') }} as sent_on,
        {{ reporting_date('answers.responded_at') }} as responded_on,
        answers.wave,
        answers.score,
        case
            when answers.is_answered and answers.survey_type in ('csat', 'ces')
                then answers.points_above_worst / answers.points_of_scale
        end as ease_or_satisfaction,
        case
            when not answers.is_answered or answers.survey_type <> 'nps' then null
            when answers.score >= 9 then 'promoter'
            when answers.score >= 7 then 'passive'
            else 'detractor'
        end as nps_group,
        case
            when answers.is_answered and answers.survey_type = 'csat'
                then {{ reaches_share('answers.points_above_worst', 'answers.points_of_scale', 3, 4) }}
        end as is_top_box,
        case
            when answers.is_answered and answers.survey_type = 'ces'
                then {{ reaches_share('answers.points_above_worst', 'answers.points_of_scale', 2, 3) }}
        end as is_easy,
        case
            when answers.is_answered and answers.survey_type = 'fcr'
                then answers.score = answers.scale_max
        end as is_reported_resolved,
        answers.is_answered,
        answers.is_superseded
    from answers
    left join tickets on answers.ticket_id = tickets.ticket_id
    left join owners
        on
            answers.ticket_id = owners.ticket_id
            and owners.valid_from <= coalesce(answers.responded_at, answers.sent_at)
            and coalesce(answers.responded_at, answers.sent_at) < owners.valid_to
),

typed as (
    {{ select_as_contracted('fct_survey_responses', 'credited') | indent(4) }}
)

select * from typed
