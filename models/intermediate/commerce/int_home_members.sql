-- The dimension members for which the customers of a business unit and segment count: all, the unit with every unit above, the segment. So
-- customers are counted by home first, and only the few homes are spread over the members.
with homes as (
    select
        business_unit_id,
        segment
    from {{ ref('int_customer_homes') }}
    group by business_unit_id, segment
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

members as (
    select
        business_unit_id,
        segment,
        'all' as dimension,
        'all' as member_id
    from homes
    union all
    select
        homes.business_unit_id,
        homes.segment,
        'business_unit' as dimension,
        coalesce(ancestors.ancestor_id, 'unknown') as member_id
    from homes
    left join ancestors on homes.business_unit_id = ancestors.business_unit_id
    union all
    select
        business_unit_id,
        segment,
        'segment' as dimension,
        segment as member_id
    from homes
)

select * from members
