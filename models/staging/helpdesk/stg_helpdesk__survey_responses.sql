{{ stage_raw('survey_responses') }}
