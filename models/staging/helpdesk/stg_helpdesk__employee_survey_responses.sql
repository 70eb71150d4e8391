{{ stage_raw('employee_survey_responses') }}
