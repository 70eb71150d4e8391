-- One row a measure, period and dimension member: how many observations, their sum, the mean of their squares and their deviation. Days are
-- added up from cells and longer periods from days, all in whole numbers; only what comes of them is kept, for millions of rows of very long
-- numbers take longer to unpack than to add up.
with cells as (
    select * from {{ ref('int_kpi_cells') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

day_totals as (
    {%- for dimension, cut in scorecard_dimensions().items() %}
    {%- set found = scorecard_member('cells', dimension) %}
    select
        cells.measure,
        '{{ dimension }}' as dimension,
        {{ found.member }} as member_id,
        cells.observed_on as period_start,
        sum(cells.observations_count) as observations_count,
        sum(cells.total) as total,
        sum(cells.squares) as squares
    from cells
    {{ found.join }}
    where cells.cell = '{{ cut.cell }}' and cells.scope in ({{ quoted_list(cut.scopes) }})
    group by cells.measure, cells.observed_on{{ ', ' ~ found.member if dimension != 'all' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
{%- for grain, finer in [('week', 'day'), ('month', 'day'), ('quarter', 'month'), ('year', 'quarter')] %}

{{ grain }}_totals as (
    select
        measure,
        dimension,
        member_id,
        {{ period_start(grain, 'period_start') }} as period_start,
        sum(observations_count) as observations_count,
        sum(total) as total,
        sum(squares) as squares
    from {{ finer }}_totals
    group by measure, dimension, member_id, {{ period_start(grain, 'period_start') }}
),
{%- endfor %}

totals as (
    {%- for grain in period_grains() %}
    select
        measure,
        '{{ grain }}' as period_grain,
        period_start,
        dimension,
        member_id,
        cast(observations_count as {{ dbt.type_bigint() }}) as observations_count,
        {{ as_double('total') }} as total,
        {{ as_double('squares') }} / {{ as_double('observations_count') }} as square_mean,
        {{ deviation_from_sums('observations_count', as_wide_integer('total'), as_wide_integer('squares')) }} as deviation
    from {{ grain }}_totals
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from totals
