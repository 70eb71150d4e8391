-- Which groups of employees are too small to be published, and which would give one of those away by subtraction.
with groups as (
    select * from {{ ref('int_employee_groups') }}
),

-- The only team of a unit, if it is small, is the unit's total: both are hidden.
lone_teams as (
    select
        measure,
        period_grain,
        period_key,
        parent_id as business_unit_id
    from groups
    where dimension = 'team'
    group by measure, period_grain, period_key, parent_id
    having count(*) = 1 and max(answers_count) < {{ smallest_employee_group() }}
),

too_small as (
    select
        groups.*,
        groups.answers_count < {{ smallest_employee_group() }} or lone_teams.business_unit_id is not null as is_too_small
    from groups
    left join lone_teams
        on
            groups.measure = lone_teams.measure
            and groups.period_grain = lone_teams.period_grain
            and groups.period_key = lone_teams.period_key
            and case when groups.dimension = 'business_unit' then groups.member_id end = lone_teams.business_unit_id
),

-- Siblings share a parent whose total is published. A unit at the top has none, and hides nobody else.
siblings as (
    select
        too_small.*,
        sum(case when too_small.is_too_small then 1 else 0 end) over (
            partition by too_small.measure, too_small.period_grain, too_small.period_key, too_small.dimension, too_small.parent_id
        ) as too_small_count,
        row_number() over (
            partition by too_small.measure, too_small.period_grain, too_small.period_key, too_small.dimension, too_small.parent_id
            order by case when too_small.is_too_small then 1 else 0 end, too_small.answers_count, {{ bytewise('too_small.member_id') }}
        ) as rank_among_large
    from too_small
),

hidden as (
    select
        measure,
        period_grain,
        period_key,
        dimension,
        member_id
    from siblings
    where
        is_too_small
        or (too_small_count = 1 and rank_among_large = 1 and parent_id is not null)
)

select * from hidden
