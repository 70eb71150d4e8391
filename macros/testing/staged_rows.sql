{#-
    Rows for the input of a unit test, as a staging model would give them: written as they arrive (text), read as the contract says.
    So the test of a gate begins with raw values, unreadable ones among them. Goes under `format: sql`.

    Args:
        raw_table: name in the contract.
        rows: list of dicts of column to text (none where nothing came); a column that no row names did not come at all.
        defaults: dict of column to text for every row that does not name the column.
    Returns: a select with the columns of the staging model.
-#}
{% macro staged_rows(raw_table, rows, defaults={}) -%}
{%- set at_hand = {} -%}
{%- for row in [defaults] + rows -%}
    {%- for name in row -%}
        {%- do at_hand.update({name: {'name': name, 'dtype': 'varchar'}}) -%}
    {%- endfor -%}
{%- endfor -%}
select
    {{ staged_columns(raw_table, at_hand) }}
from (
    {%- for row in rows %}
    select
        {%- for name in at_hand %}
        {%- set value = row.get(name, defaults.get(name)) %}
        cast({{ 'null' if value is none else text_literal(value) }} as {{ dbt.type_string() }}) as {{ quoted_name(name) }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as raw_rows
{%- endmacro %}
