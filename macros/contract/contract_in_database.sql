{#-
    Before a run with tests: writes the contract of every raw table, as JSON, into reference.landing_contract. dbt compiles a unit test
    without its graph, so this is where the models under test find the contract. Returns no SQL; the table is made at once.
-#}
{% macro write_contract() %}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- set rows = [] -%}
        {%- for raw_table in raw_tables() -%}
            {%- do rows.append("('" ~ raw_table ~ "', " ~ text_literal(tojson(contract_in_graph(raw_table))) ~ ')') -%}
        {%- endfor -%}
        {%- do run_query('create schema if not exists reference') -%}
        {%- do run_query('drop table if exists reference.landing_contract') -%}
        {%- do run_query(
            'create table reference.landing_contract as select * from (values ' ~ rows | join(', ') ~ ') as contracts (raw_table, contract)'
        ) -%}
    {%- endif -%}
{% endmacro %}


{#- The contract of one raw table out of the table that write_contract made. -#}
{% macro contract_in_database(raw_table) %}
    {%- set found = run_query("select contract from reference.landing_contract where raw_table = '" ~ raw_table ~ "'") -%}
    {%- if not found.rows -%}
        {{ exceptions.raise_compiler_error("No staging model stands for the raw table '" ~ raw_table ~ "'.") }}
    {%- endif -%}
    {{ return(fromjson(found.rows[0][0])) }}
{% endmacro %}
