with responses as (
    select
        response_id,
        survey_type,
        wave,
        responded_at,
        team_id,
        score,
        score - scale_min as points_above_worst,
        scale_max - scale_min as points_of_scale,
        responded_at is not null and score is not null as is_answered
    from {{ ref('int_employee_survey_responses_gated') }}
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
            when responses.is_answered and responses.survey_type = 'esat'
                then {{ reaches_share('responses.points_above_worst', 'responses.points_of_scale', 3, 4) }}
        end as is_top_box,
        case
            when not responses.is_answered or responses.survey_type <> 'enps' then null
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
