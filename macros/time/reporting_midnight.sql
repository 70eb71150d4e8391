{#- The instant at which a local date of the reporting time zone begins; `date_expression` is SQL of a date. -#}
{% macro reporting_midnight(date_expression) -%}
    {%- set zone = setting('reporting_time_zone') -%}
    {%- set midnight = 'cast(' ~ date_expression ~ ' as ' ~ dbt.type_timestamp() ~ ')' -%}
    {{ midnight if zone == 'UTC' else to_utc(midnight, "'" ~ zone ~ "'") }}
{%- endmacro %}
