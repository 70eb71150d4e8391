with answers as (
    select * from {{ ref('fct_employee_survey_responses') }}
    where
        score is not null
        and responded_at is not null
),

hidden as (
    select * from {{ ref('int_employee_groups_hidden') }}
    where period_grain = 'wave'
),

teams as (
    select * from {{ ref('dim_teams') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

scored as (
    select
        case answers.survey_type when 'esat' then 'esat_score' else 'enps' end as kpi_key,
        answers.wave,
        coalesce(teams.team_id, 'unknown') as team_id,
        coalesce(ancestors.ancestor_id, 'unknown') as business_unit_id,
        case
            when answers.survey_type = 'esat' then case when answers.is_top_box then 1 else 0 end
            when answers.nps_group = 'promoter' then 1
            when answers.nps_group = 'detractor' then -1
            else 0
        end as amount,
        coalesce(ancestors.ancestor_id, '') = coalesce(teams.business_unit_id, '') or ancestors.ancestor_id is null as is_own_unit
    from answers
    left join teams on answers.team_id = teams.team_id
    left join ancestors on teams.business_unit_id = ancestors.business_unit_id
),

totals as (
    select
        kpi_key,
        wave,
        'all' as dimension,
        'all' as member_id,
        count(*) as answers_count,
        sum(amount) as total,
        sum(amount * amount) as squares
    from scored
    where is_own_unit
    group by kpi_key, wave
    union all
    select
        kpi_key,
        wave,
        'team' as dimension,
        team_id as member_id,
        count(*) as answers_count,
        sum(amount) as total,
        sum(amount * amount) as squares
    from scored
    where is_own_unit
    group by kpi_key, wave, team_id
    union all
    select
        kpi_key,
        wave,
        'business_unit' as dimension,
        business_unit_id as member_id,
        count(*) as answers_count,
        sum(amount) as total,
        sum(amount * amount) as squares
    from scored
    group by kpi_key, wave, business_unit_id
),

shown as (
    select
        totals.kpi_key,
        totals.wave,
        totals.dimension,
        totals.member_id,
        {{ scorecard_member_name('totals') }} as member_name,
        hidden.member_id is not null as is_suppressed,
        case when hidden.member_id is null then totals.answers_count end as answers_count,
        case when hidden.member_id is null then {{ as_double('totals.total') }} end as total,
        case when hidden.member_id is null then {{ as_double('totals.squares') }} end as squares
    from totals
    left join hidden
        on
            totals.kpi_key = hidden.measure
            and totals.wave = hidden.period_key
            and totals.dimension = hidden.dimension
            and totals.member_id = hidden.member_id
    left join members
        on
            totals.dimension = members.dimension
            and totals.member_id = members.member_id
),

valued as (
    select
        {{ stable_key(['kpi_key', 'wave', 'dimension', 'member_id']) }} as employee_satisfaction_id,
        kpi_key,
        wave,
        dimension,
        member_id,
        member_name,
        case kpi_key when 'enps' then 100 else 1 end * total / answers_count as value,
        answers_count as sample_size,
        case kpi_key
            when 'enps' then 100 * (total / answers_count - {{ nps_reach('(total / answers_count)', '(squares / answers_count)', 'answers_count') }})
            else {{ wilson_bound('total', 'answers_count', 'low') }}
        end as interval_low,
        case kpi_key
            when 'enps' then 100 * (total / answers_count + {{ nps_reach('(total / answers_count)', '(squares / answers_count)', 'answers_count') }})
            else {{ wilson_bound('total', 'answers_count', 'high') }}
        end as interval_high,
        is_suppressed
    from shown
),

typed as (
    {{ select_as_contracted('kpi_employee_satisfaction', 'valued') | indent(4) }}
)

select * from typed
