-- Every open answer that counts. The text stays in the private build.
with answers as (
    select * from {{ ref('int_survey_answers') }}
),

comments as (
    select
        answers.response_id,
        answers.survey_type,
        answers.responded_at,
        {{ reporting_date('answers.responded_at') }} as responded_on,
        {{ listed_word('answers.language') }} as language,
        answers.comment as comment_text,
        answers.is_erased,
        -- Each kind of survey in the unit in which its KPI is published.
        case answers.survey_type
            when 'csat' then 1 + 4 * answers.points_above_worst / answers.points_of_scale
            when 'ces' then 1 + 9 * answers.points_above_worst / answers.points_of_scale
            when 'fcr' then answers.points_above_worst / answers.points_of_scale
            else answers.score
        end as published_score
    from answers
    where
        answers.comment is not null
        and {{ trimmed('answers.comment') }} <> ''
        and answers.responded_at is not null
        and not answers.is_superseded
)

select * from comments
