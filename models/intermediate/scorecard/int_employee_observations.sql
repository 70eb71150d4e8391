{{ config(materialized='view') }}

-- What is counted of employees' answers: by team, by the team's business unit and in all.
with answers as (
    select * from {{ ref('fct_employee_survey_responses') }}
),

teams as (
    select
        team_id,
        business_unit_id
    from {{ ref('dim_teams') }}
),

placed as (
    select
        answers.survey_type,
        answers.responded_at,
        answers.is_top_box,
        answers.nps_group,
        answers.team_id,
        teams.business_unit_id,
        cast(null as {{ dbt.type_string() }}) as agent_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as priority,
        cast(null as {{ dbt.type_string() }}) as topic_id,
        cast(null as {{ dbt.type_string() }}) as segment
    from answers
    left join teams on answers.team_id = teams.team_id
    where answers.score is not null
),

observations as (
    {{ observe('int_employee_observations', 'placed', 'responded_at', {
        'esat_score': "case when survey_type = 'esat' then case when is_top_box then 1 else 0 end end",
        'enps': "case when survey_type = 'enps' then case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end end",
    }, scope="'employee'") | indent(4) }}
)

select * from observations
