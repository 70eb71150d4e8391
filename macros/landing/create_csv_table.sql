{#-
    Overrides how dbt makes the table of a seed: the sample's raw tables get text columns only, as a CSV file has them, so that
    a value reaches staging as it was written. Other seeds keep dbt's way.

    Args:
        model: the seed.
        agate_table: its rows as dbt read them.
    Returns: the SQL that made the table.
-#}
{% macro duckdb__create_csv_table(model, agate_table) -%}
    {{ return(create_text_table(agate_table) if 'sample' in model.fqn else default__create_csv_table(model, agate_table)) }}
{%- endmacro %}

{% macro postgres__create_csv_table(model, agate_table) -%}
    {{ return(create_text_table(agate_table) if 'sample' in model.fqn else default__create_csv_table(model, agate_table)) }}
{%- endmacro %}


{#- Makes the table of the seed at hand with the columns of its file, all text. -#}
{% macro create_text_table(agate_table) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names %}
            {{ quoted_name(name) }} {{ dbt.type_string() }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}
