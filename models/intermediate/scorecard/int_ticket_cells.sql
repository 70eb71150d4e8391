{{ config(materialized=light_view()) }}

-- What is counted of tickets, in cells (see count_in_cells).
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

{%- for anchor in ticket_measures() %}

{{ anchor.name }}_observations as (
    select
        {{ reporting_date(anchor.observed_at) }} as observed_on,
        {%- for column in cell_columns() %}
        {{ anchor.get(column, column) }} as {{ column }},
        {%- endfor %}
        {%- for measured in anchor.measures %}
        case when {{ measured.condition or 'true' }} then {{ measured.amount }} end as amount_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from tickets
    where {{ anchor.observed_at }} is not null
),

{%- set amounts = [] %}
{%- for measured in anchor.measures %}
    {%- do amounts.append('amount_' ~ loop.index) %}
{%- endfor %}

{{ anchor.name }}_cells as (
    {{ count_in_cells(anchor.name ~ '_observations', amounts) | indent(4) }}
),
{%- endfor %}

cells as (
    {%- for anchor in ticket_measures() %}
    {%- set is_last_anchor = loop.last %}
    {%- for measured in anchor.measures %}
    select
        '{{ measured.measure }}' as measure,
        '{{ measured.scope or "ticket" }}' as scope,
        observed_on,
        cell,
        {{ cell_columns() | join(',\n        ') }},
        count_amount_{{ loop.index }} as observations_count,
        total_amount_{{ loop.index }} as total,
        squares_amount_{{ loop.index }} as squares
    from {{ anchor.name }}_cells
    where count_amount_{{ loop.index }} > 0
    {{ 'union all' if not (loop.last and is_last_anchor) }}
    {%- endfor %}
    {%- endfor %}
)

select * from cells
