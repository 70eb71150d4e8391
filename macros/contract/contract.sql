{#-
    The landing contract of one raw table, as the yml of its staging model says it.

    Args:
        raw_table: name in the contract, for example 'tickets'.
    Returns: a dict with `key` (list of column names), `required` (bool) and `columns`: a list of dicts in the
        contract's order with `name`, `type`, `required`, `values`, `default`, `default_by_survey_type`, `pii`. loaded_at is the
        last one. While dbt only parses, the columns are not known yet and the list is empty.
    Errors: a compiler error where no staging model stands for the table.
-#}
{% macro contract(raw_table) %}
    {%- if not execute -%}
        {{ return({'key': [], 'required': false, 'columns': []}) }}
    {%- elif graph.get('nodes') -%}
        {{ return(contract_in_graph(raw_table)) }}
    {%- else -%}
        {{ return(contract_in_database(raw_table)) }}
    {%- endif -%}
{% endmacro %}


{#- The contract of one raw table out of dbt's graph. -#}
{% macro contract_in_graph(raw_table) %}
    {%- set node = graph.nodes.get('model.support_kpis.stg_helpdesk__' ~ raw_table) -%}
    {%- if node is none -%}
        {{ exceptions.raise_compiler_error("No staging model stands for the raw table '" ~ raw_table ~ "'.") }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in node.columns.values() -%}
        {%- do columns.append({
            'name': column.name,
            'type': column.data_type,
            'required': column.meta.get('required', false),
            'values': column.meta.get('values', []),
            'default': column.meta.get('default', none),
            'default_by_survey_type': column.meta.get('default_by_survey_type', {}),
            'pii': column.meta.get('pii', false),
        }) -%}
    {%- endfor -%}
    {{ return({'key': node.config.meta.key, 'required': node.config.meta.required, 'columns': columns}) }}
{% endmacro %}


{#- The names of all raw tables of the contract, in order. Empty while dbt only parses. -#}
{% macro raw_tables() %}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.meta.get('raw_table') -%}
            {%- do names.append(node.config.meta.raw_table) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(names | sort) }}
{% endmacro %}
