{#-
    Contracts of marts on every engine: their yml gives types in DuckDB's words.
-#}

{#- A type of a mart's yml (DuckDB's words) in the words of the engine at hand. -#}
{% macro engine_type(data_type) -%}
    {{ return(adapter.dispatch('engine_type', 'support_kpis')(data_type)) }}
{%- endmacro %}

{% macro default__engine_type(data_type) -%}{{ return(data_type) }}{%- endmacro %}

{% macro postgres__engine_type(data_type) -%}
    {{ return({'double': 'double precision', 'varchar': 'text'}.get(data_type, data_type)) }}
{%- endmacro %}

{% macro spark__engine_type(data_type) -%}
    {{ return({'varchar': 'string'}.get(data_type, data_type)) }}
{%- endmacro %}


{#- Columns of a contract with the types of the engine at hand. -#}
{% macro columns_in_engine_types(columns) -%}
    {%- set translated = {} -%}
    {%- for name, column in columns.items() -%}
        {%- set copied = column.copy() -%}
        {%- do copied.update({'data_type': engine_type(column.data_type)}) -%}
        {%- do translated.update({name: copied}) -%}
    {%- endfor -%}
    {{ return(translated) }}
{%- endmacro %}


{#- Overrides dbt's: an empty select with the columns of a contract, with which the model's own are compared. -#}
{% macro postgres__get_empty_schema_sql(columns) -%}
    {{ return(default__get_empty_schema_sql(columns_in_engine_types(columns))) }}
{%- endmacro %}

{% macro spark__get_empty_schema_sql(columns) -%}
    {{ return(default__get_empty_schema_sql(columns_in_engine_types(columns))) }}
{%- endmacro %}


{#- Overrides dbt's: the columns of a contract in the statement that makes its table. No model of the project has constraints. -#}
{% macro postgres__get_table_columns_and_constraints() -%}
    (
    {%- for column in adapter.render_raw_columns_constraints(raw_columns=columns_in_engine_types(model['columns'])) %}
        {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}
