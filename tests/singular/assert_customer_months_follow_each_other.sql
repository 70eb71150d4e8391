-- Protects fct_customer_months: the end of a month is the start of the next one, for every customer and to the last place of the amounts,
-- so that nobody comes or goes between two months.
with months as (
    select * from {{ ref('fct_customer_months') }}
),

ends as (
    select
        customer_id,
        cast(month_start + interval '1' month as date) as boundary_on,
        amount_at_end as amount
    from months
    where is_active_at_end
),

starts as (
    select
        customer_id,
        month_start as boundary_on,
        amount_at_start as amount
    from months
    where is_active_at_start
),

limits as (
    select
        min(month_start) as first_boundary,
        cast(max(month_start) + interval '1' month as date) as last_boundary
    from months
)

select
    coalesce(ends.customer_id, starts.customer_id) as customer_id,
    coalesce(ends.boundary_on, starts.boundary_on) as boundary_on,
    ends.amount as amount_at_end,
    starts.amount as amount_at_start
from ends
full outer join starts
    on
        ends.customer_id = starts.customer_id
        and ends.boundary_on = starts.boundary_on
cross join limits
where
    coalesce(ends.boundary_on, starts.boundary_on) not in (limits.first_boundary, limits.last_boundary)
    and (
        ends.customer_id is null
        or starts.customer_id is null
        or coalesce(ends.amount, -1) <> coalesce(starts.amount, -1)
    )
