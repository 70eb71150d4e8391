-- Every business unit with itself and each unit above it: what counts for the unit counts for all of them.
with recursive paths as (
    select
        business_unit_id,
        parent_business_unit_id
    from {{ ref('int_business_unit_paths') }}
),

ancestors as (
    select
        paths.business_unit_id,
        paths.business_unit_id as ancestor_id
    from paths
    union all
    select
        ancestors.business_unit_id,
        paths.parent_business_unit_id as ancestor_id
    from ancestors
    inner join paths on ancestors.ancestor_id = paths.business_unit_id
    where paths.parent_business_unit_id is not null
)

select * from ancestors
