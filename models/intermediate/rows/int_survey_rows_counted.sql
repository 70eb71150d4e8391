with counted as (
    {{ rows_counted({
        'survey_responses': ref('stg_helpdesk__survey_responses'),
        'employee_survey_responses': ref('stg_helpdesk__employee_survey_responses'),
    }) }}
)

select * from counted
