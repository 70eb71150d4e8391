with judged as (
    {{ rows_judged({
        'survey_responses': ref('int_survey_responses_gated'),
        'employee_survey_responses': ref('int_employee_survey_responses_gated'),
    }) }}
)

select * from judged
