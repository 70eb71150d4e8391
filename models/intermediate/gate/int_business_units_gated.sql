with recursive staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__business_units') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('business_units') }} as defect
    from staged
),

{{ settle_versions('business_units', 'judged') }}

units as (
    select
        business_unit_id,
        parent_business_unit_id
    from versions
    where verdict = 'accepted'
),

unit_counts as (
    select count(*) as units_count
    from units
),

-- Walks up from every unit; a walk that has made as many steps as there are units goes in circles and stops.
ancestors as (
    select
        units.business_unit_id,
        units.parent_business_unit_id as ancestor_id,
        1 as steps
    from units
    where units.parent_business_unit_id is not null
    union all
    select
        ancestors.business_unit_id,
        units.parent_business_unit_id as ancestor_id,
        ancestors.steps + 1 as steps
    from ancestors
    inner join units on ancestors.ancestor_id = units.business_unit_id
    cross join unit_counts
    where
        units.parent_business_unit_id is not null
        and ancestors.ancestor_id <> ancestors.business_unit_id
        and ancestors.steps < unit_counts.units_count
),

own_ancestors as (
    select distinct business_unit_id
    from ancestors
    where ancestor_id = business_unit_id
),

settled as (
    {{ reject_winners('business_units', [
        {
            'reason': 'ancestor_loop',
            'when': 'own_ancestors.business_unit_id is not null',
            'detail': "'the unit is its own ancestor, by way of ' || versions.parent_business_unit_id",
        },
    ], 'left join own_ancestors on versions.business_unit_id = own_ancestors.business_unit_id') | indent(4) }}
),

gated as (
    {{ gate_result('business_units', 'settled') | indent(4) }}
)

select * from gated
