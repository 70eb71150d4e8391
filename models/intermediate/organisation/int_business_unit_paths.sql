-- The tree of business units from the top down. A unit whose parent is not known stands at the top.
with recursive units as (
    select
        business_unit_id,
        name as business_unit_name,
        parent_business_unit_id
    from {{ ref('int_business_units_gated') }}
    where verdict = 'accepted'
),

paths as (
    select
        units.business_unit_id,
        units.business_unit_name,
        cast(null as {{ dbt.type_string() }}) as parent_business_unit_id,
        0 as depth,
        units.business_unit_id as path
    from units
    left join units as parents on units.parent_business_unit_id = parents.business_unit_id
    where parents.business_unit_id is null
    union all
    select
        units.business_unit_id,
        units.business_unit_name,
        units.parent_business_unit_id,
        paths.depth + 1 as depth,
        paths.path || ' > ' || units.business_unit_id as path
    from paths
    inner join units on paths.business_unit_id = units.parent_business_unit_id
)

select * from paths
