{#-
    Overrides how dbt runs a unit test on PostgreSQL: dbt names a table after the test, and a name of more than 63 characters, which
    sentences like ours have, is too long there. And decimals are compared by value, not by the zeros at their end: a sum forgets its
    places there. The rest is as in dbt.
-#}
{% materialization unit, adapter='postgres' %}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set expected_sql = config.get('expected_sql') -%}
    {%- set tested_columns = expected_rows[0].keys() if expected_rows else get_columns_in_query(sql) -%}
    {%- set short_name = api.Relation.create(database=this.database, schema=this.schema, identifier='unit_test_' ~ local_md5(this.identifier), type='table') -%}
    {%- set temp_relation = make_temp_relation(short_name) -%}
    {%- do run_query(get_create_table_as_sql(True, temp_relation, get_empty_subquery_sql(sql))) -%}
    {%- set types = {} -%}
    {%- set quoted = {} -%}
    {%- for column in adapter.get_columns_in_relation(temp_relation) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
        {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
    {%- set names = [] -%}
    {%- set values = [] -%}
    {%- for name in tested_columns -%}
        {%- set column = quoted[name | lower] -%}
        {%- do names.append(column) -%}
        {%- do values.append("trim_scale(" ~ column ~ ") as " ~ column if types[name | lower].startswith('numeric') else column) -%}
    {%- endfor -%}
    {%- set expected = expected_sql or get_expected_sql(expected_rows, types, quoted) -%}
    {%- call statement('main', fetch_result=True) -%}
        {{ get_unit_test_sql(
            'select ' ~ values | join(', ') ~ ' from (' ~ sql ~ ') as tested',
            'select ' ~ values | join(', ') ~ ' from (' ~ expected ~ ') as wanted',
            names
        ) }}
    {%- endcall -%}
    {%- do adapter.drop_relation(temp_relation) -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}
