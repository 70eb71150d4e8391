with responses as (
    select * from {{ ref('int_employee_survey_responses_gated') }}
    where verdict = 'accepted'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

scored as (
    select
        responses.response_id,
        responses.survey_type,
        responses.wave,
        responses.responded_at,
        responses.team_id,
        responses.score,
        case
            when responses.score is null or responses.survey_type <> 'esat' then null
            else 4 * (responses.score - responses.scale_min) >= 3 * (responses.scale_max - responses.scale_min)
        end as is_top_box,
        case
            when responses.score is null or responses.survey_type <> 'enps' then null
            when responses.score >= 9 then 'promoter'
            when responses.score >= 7 then 'passive'
            else 'detractor'
        end as nps_group
    from responses
    cross join as_of
    where
        responses.responded_at is null
        or as_of.as_of is null
        or responses.responded_at <= as_of.as_of
),

typed as (
    {{ select_as_contracted('fct_employee_survey_responses', 'scored') | indent(4) }}
)

select * from typed
