{#-
    Overrides how dbt makes the table of a seed and fills it on Spark. dbt's own way writes each value into the text of a statement and
    gets quotes, nulls and fractions of a second wrong; here Spark reads the file, which must lie where it can.
-#}

{#- Makes the table of a seed: the sample's columns are all text (see create_csv_table), others get their types. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {{ return(create_text_table(agate_table) if 'sample' in model.fqn else default__create_csv_table(model, agate_table)) }}
{%- endmacro %}


{#- Fills the table of a seed from its file, each value cast to the type that its column got. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set file = (model.root_path ~ '/' ~ model.original_file_path) | replace('\\', '\\\\') | replace("'", "\\'") -%}
    {%- set view = 'file_of_' ~ model.name -%}
    {%- do adapter.add_query(
        'create or replace temporary view ' ~ view ~ " using csv options (path 'file://" ~ file
        ~ "', header 'true', multiLine 'true', quote '\"', escape '\"')",
        abridge_sql_log=True
    ) -%}
    {%- set values = [] -%}
    {%- for column in adapter.get_columns_in_relation(this) -%}
        {%- do values.append('cast(' ~ adapter.quote(column.name) ~ ' as ' ~ column.dtype ~ ')') -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' select ' ~ values | join(', ') ~ ' from ' ~ view -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{% endmacro %}
