-- The months, quarters and years that the input covers wholly: it says who was active at both ends.
with boundaries as (
    select
        month_number,
        boundary_on
    from {{ ref('int_activity_boundaries') }}
),

periods as (
    {%- for grain, months in [('month', 1), ('quarter', 3), ('year', 12)] %}
    select
        '{{ grain }}' as period_grain,
        starts.boundary_on as period_start,
        ends.boundary_on as period_end
    from boundaries as starts
    inner join boundaries as ends on starts.month_number + {{ months }} = ends.month_number
    where mod(starts.month_number, {{ months }}) = 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from periods
