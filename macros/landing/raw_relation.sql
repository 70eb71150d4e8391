{#-
    Where the rows of one raw table are read from: the sample seed, or the source once a raw folder or schema is set.

    Args:
        raw_table: name in the contract.
    Returns: a relation (and with it the edge in dbt's graph).
-#}
{% macro raw_relation(raw_table) %}
    {%- if setting('raw_dir') or setting('raw_schema') -%}
        {{ return(source('helpdesk', raw_table)) }}
    {%- else -%}
        {{ return(ref('raw_' ~ raw_table)) }}
    {%- endif -%}
{% endmacro %}


{#-
    The columns that the raw table has at this moment.

    Args:
        relation: a relation that may not exist.
    Returns: a dict of lower-cased column name to dbt column (name as stored, dtype); empty where there is no table.
-#}
{% macro columns_at_hand(relation) %}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do found.update({column.name | trim | lower: column}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}
