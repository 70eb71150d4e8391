-- The months, quarters and years that the input covers wholly: it says who was active at both ends.
with boundaries as (
    select
        month_number,
        boundary_on
    from {{ ref('int_activity_boundaries') }}
),

periods as (
    {%- for grain, length in [('month', 1), ('quarter', 3), ('year', 12)] %}
    select
        '{{ grain }}' as period_grain,
        first_boundaries.boundary_on as period_start,
        last_boundaries.boundary_on as period_end
    from boundaries as first_boundaries
    inner join boundaries as last_boundaries on first_boundaries.month_number + {{ length }} = last_boundaries.month_number
    where mod(first_boundaries.month_number, {{ length }}) = 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from periods
