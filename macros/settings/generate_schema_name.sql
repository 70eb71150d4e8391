{#-
    The schema of a node: its configured schema word for word, so that BI finds `marts` under that name everywhere. Where the driver
    publishes by moving schemas, it has the marts built under another name first (SUPPORT_KPIS_MARTS_SCHEMA).

    Args:
        custom_schema_name: the `schema` config of the node, or none.
        node: the node itself (dbt passes it; unused).
    Returns: the schema's name.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == 'marts' -%}
        {{ env_var('SUPPORT_KPIS_MARTS_SCHEMA', 'marts') | trim }}
    {%- else -%}
        {{ (custom_schema_name or target.schema) | trim }}
    {%- endif -%}
{%- endmacro %}
