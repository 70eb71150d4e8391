{#-
    Before a run: makes sure that the table of the refresh log is there, empty, so that a build by plain dbt finds it.
    The driver fills it. Returns no SQL; the table is made at once.
-#}
{% macro ensure_refresh_log() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test', 'compile', 'show') -%}
        {%- do run_query('create schema if not exists refresh_log') -%}
        {%- do run_query(
            'create table if not exists refresh_log.refresh_runs ('
            ~ 'run_id ' ~ dbt.type_string() ~ ', started_at ' ~ dbt.type_timestamp() ~ ', finished_at ' ~ dbt.type_timestamp()
            ~ ', status ' ~ dbt.type_string() ~ ', target ' ~ dbt.type_string() ~ ', as_of ' ~ dbt.type_timestamp()
            ~ ', models_count ' ~ dbt.type_bigint() ~ ', tests_count ' ~ dbt.type_bigint() ~ ', failures_count ' ~ dbt.type_bigint()
            ~ ', warnings_count ' ~ dbt.type_bigint() ~ ', rows_published ' ~ dbt.type_bigint() ~ ', message ' ~ dbt.type_string() ~ ')'
        ) -%}
    {%- endif -%}
{% endmacro %}
