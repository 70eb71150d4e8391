{{ config(materialized=light_view()) }}

-- Everything that is counted, in cells: one row a measure, scope, local date and cell (see count_in_cells). The measures of one model are
-- counted side by side, which takes one pass over its rows.
{%- set kept = ['scope', 'observed_on', 'cell'] + cell_columns() %}
with
{%- for model, measures in observed_measures().items() %}

{{ model }} as (
    select * from {{ ref(model) }}
),

{{ model }}_counted as (
    {{ count_in_cells(model, measures, keys=['scope'], flags=measures_of_kind(measures, 'flag'), money=measures_of_kind(measures, 'money')) | indent(4) }}
),
{%- endfor %}

cells as (
    {%- for model, measures in observed_measures().items() %}
    {{ measures_in_rows(model ~ '_counted', measures, kept) }}
    union all
    {%- endfor %}
    select * from {{ ref('int_ticket_cells') }}
)

select * from cells
