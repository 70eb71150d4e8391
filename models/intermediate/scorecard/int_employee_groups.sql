-- How many employees answered, by period or survey round and by team or business unit: what the hiding of small groups is
-- decided from. A unit's count takes in the units below it.
with answers as (
    select * from {{ ref('fct_employee_survey_responses') }}
    where
        score is not null
        and responded_at is not null
),

teams as (
    select * from {{ ref('dim_teams') }}
),

units as (
    select * from {{ ref('dim_business_units') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

placed as (
    select
        case answers.survey_type when 'esat' then 'esat_score' else 'enps' end as measure,
        answers.wave,
        {{ reporting_date('answers.responded_at') }} as observed_on,
        coalesce(teams.team_id, 'unknown') as team_id,
        coalesce(units.business_unit_id, 'unknown') as business_unit_id
    from answers
    left join teams on answers.team_id = teams.team_id
    left join units on teams.business_unit_id = units.business_unit_id
),

rounds as (
    select
        measure,
        'wave' as period_grain,
        wave as period_key,
        team_id,
        business_unit_id
    from placed
    {%- for grain in period_grains() %}
    union all
    select
        measure,
        '{{ grain }}' as period_grain,
        cast({{ period_start(grain, 'observed_on') }} as {{ dbt.type_string() }}) as period_key,
        team_id,
        business_unit_id
    from placed
    {%- endfor %}
),

groups as (
    select
        measure,
        period_grain,
        period_key,
        'team' as dimension,
        team_id as member_id,
        business_unit_id as parent_id,
        count(*) as answers_count
    from rounds
    group by measure, period_grain, period_key, team_id, business_unit_id
    union all
    select
        rounds.measure,
        rounds.period_grain,
        rounds.period_key,
        'business_unit' as dimension,
        coalesce(ancestors.ancestor_id, 'unknown') as member_id,
        max(units.parent_business_unit_id) as parent_id,
        count(*) as answers_count
    from rounds
    left join ancestors on rounds.business_unit_id = ancestors.business_unit_id
    left join units on ancestors.ancestor_id = units.business_unit_id
    group by rounds.measure, rounds.period_grain, rounds.period_key, coalesce(ancestors.ancestor_id, 'unknown')
)

select * from groups
