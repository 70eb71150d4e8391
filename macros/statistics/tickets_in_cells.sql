{#-
    What is counted of tickets (see ticket_measures), in cells.

    Args:
        cells: the cells, those of the scorecard by default.
    Returns: CTEs, of which the last, `cells`, has measure, scope, observed_on, cell, the columns of the cells, observations_count, total
        and squares. The CTE `tickets` (fct_tickets) is at hand.
-#}
{% macro tickets_in_cells(cells=none) -%}
{%- for anchor in ticket_measures() %}

{{ anchor.name }}_observations as (
    select
        {{ reporting_date(anchor.observed_at) }} as observed_on,
        {%- for column in cell_columns(cells) %}
        {{ anchor.get(column, column) }} as {{ column }},
        {%- endfor %}
        {%- for measured in anchor.measures %}
        case when {{ measured.condition or 'true' }} then {{ measured.amount }} end as {{ measured.measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from tickets
    where {{ anchor.observed_at }} is not null
),

{%- set amounts = [] %}
{%- set flags = [] %}
{%- for measured in anchor.measures %}
    {%- do amounts.append(measured.measure) %}
    {%- do flags.append(measured.measure) if measured.is_flag or measured.amount == '1' %}
{%- endfor %}

{{ anchor.name }}_cells as (
    {{ count_in_cells(anchor.name ~ '_observations', amounts, cells=cells, flags=flags) | indent(4) }}
),
{%- endfor %}

cells as (
    {%- for anchor in ticket_measures() %}
    {%- set is_last_anchor = loop.last %}
    {%- for measured in anchor.measures %}
    {{ measures_in_rows(
        anchor.name ~ '_cells',
        [measured.measure],
        ["'" ~ (measured.scope or 'ticket') ~ "' as scope", 'observed_on', 'cell'] + cell_columns(cells)
    ) }}
    {{ 'union all' if not (loop.last and is_last_anchor) }}
    {%- endfor %}
    {%- endfor %}
)
{%- endmacro %}
