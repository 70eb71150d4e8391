{%- set rules = [
    score_outside_scale_rule('employee_survey_responses'),
    time_out_of_range_rule('responded_at'),
    after_loading_rule('responded_at'),
    invalid_nps_scale_rule('employee_survey_responses', 'enps'),
    invalid_scale_rule('employee_survey_responses'),
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__employee_survey_responses') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('employee_survey_responses', rules) }} as defect
    from staged
),

{{ settle_versions('employee_survey_responses', 'judged') }}

gated as (
    {{ gate_result('employee_survey_responses', 'versions', overrides=scale_overrides('employee_survey_responses', 'versions')) | indent(4) }}
)

select * from gated
