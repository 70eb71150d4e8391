{#-
    The first thing that is wrong with a raw row taken alone.

    Args:
        raw_table: name in the contract.
        rules: list of dicts `reason`, `when` (SQL condition), `detail` (SQL of a text), beyond those that follow from the contract
            itself (a required value missing, a value its type cannot read, one outside the listed values). They are tried in
            the order in which they stand, after the contract's.
        extra_missing: SQL condition under which a value is missing that the contract requires only sometimes.
    Returns: SQL of a text 'reason|detail', null for a sound row. The columns are read from a relation called `staged`.
-#}
{% macro first_defect(raw_table, rules=[], extra_missing=none) -%}
    {%- set columns = contract(raw_table).columns -%}
    case
    {%- set required = columns | selectattr('required') | list %}
    {%- if required or extra_missing %}
        when
        {%- for column in required %}
            {{ 'or ' if not loop.first }}{{ is_empty(column) }}
        {%- endfor %}
        {%- if extra_missing %}
            {{ 'or ' if required }}{{ extra_missing.when }}
        {%- endif %}
            then 'missing_required|' || concat_ws(
                ', '
                {%- for column in required %}, case when {{ is_empty(column) }} then '{{ column.name }} is empty' end{% endfor -%}
                {%- if extra_missing %}, case when {{ extra_missing.when }} then {{ extra_missing.detail }} end{% endif %}
            )
    {%- endif %}
    {%- for column in columns if column.type != 'text' %}
        when staged.{{ column.name }} is null and nullif({{ as_text('staged.raw_' ~ column.name) }}, '') is not null
            then 'unreadable_value|{{ column.name }} cannot be read as a {{ column.type }}: ' || {{ as_text('staged.raw_' ~ column.name) }}
    {%- endfor %}
    {%- for column in columns if column['values'] %}
        when staged.{{ column.name }} not in ({{ quoted_list(column['values']) }})
            then 'value_not_allowed|{{ column.name }} is none of {{ column['values'] | join(', ') }}: ' || {{ as_text('staged.raw_' ~ column.name) }}
    {%- endfor %}
    {%- for rule in rules %}
        when {{ rule.when }} then '{{ rule.reason }}|' || {{ rule.detail }}
    {%- endfor %}
        {#- a table of optional texts has nothing that can be wrong #}
        when false then ''
    end
{%- endmacro %}


{#- True where a value of the contract did not come: null or an empty text. -#}
{% macro is_empty(column) -%}
    {%- if column.type == 'text' -%}
        staged.{{ column.name }} is null
    {%- else -%}
        (staged.{{ column.name }} is null and nullif({{ as_text('staged.raw_' ~ column.name) }}, '') is null)
    {%- endif -%}
{%- endmacro %}


{#- 'a', 'b', 'c' out of a list of words. -#}
{% macro quoted_list(words) -%}
    {%- for word in words -%}
        '{{ word }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
