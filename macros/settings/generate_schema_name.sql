{#-
    The schema of a node: its configured schema word for word, so that BI finds `marts` under that name everywhere.

    Args:
        custom_schema_name: the `schema` config of the node, or none.
        node: the node itself (dbt passes it; unused).
    Returns: the schema's name.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
