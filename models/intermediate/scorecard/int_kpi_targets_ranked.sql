-- Targets with the span of dates in which they hold; one for a member goes before one for all members of its dimension.
with targets as (
    select
        kpi_key,
        dimension,
        case when dimension = 'all' then coalesce(member_id, 'all') else member_id end as member_id,
        {{ as_double('target_value') }} as target_value,
        coalesce(cast(valid_from as date), cast('1900-01-01' as date)) as valid_from,
        coalesce(cast(valid_to as date), cast('2999-12-31' as date)) as valid_to
    from {{ ref('kpi_targets') }}
),

spans as (
    select
        kpi_key,
        dimension,
        member_id,
        target_value,
        valid_from,
        -- A later target ends the one before, also where the team forgot to close it.
        least(
            valid_to,
            lead(valid_from, 1, cast('2999-12-31' as date)) over (
                partition by kpi_key, dimension, member_id
                order by valid_from
            )
        ) as valid_to
    from targets
)

select * from spans
