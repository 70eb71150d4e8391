{#- The instant at which a local date of the reporting time zone begins; `date_expression` is SQL of a date. -#}
{% macro reporting_midnight(date_expression) -%}
    {%- set zone = setting('reporting_time_zone') -%}
    {{ 'cast(' ~ date_expression ~ ' as ' ~ dbt.type_timestamp() ~ ')' if zone == 'UTC' else first_midnight(date_expression, text_literal(zone)) }}
{%- endmacro %}


{#-
    The instant at which a local date begins. Where the clocks go back over midnight (the Azores, Cuba) midnight comes twice, an hour
    apart, and engines differ in which of the two they take: it is the first.

    Args:
        date_expression: SQL of a date.
        zone: SQL of an IANA name.
-#}
{% macro first_midnight(date_expression, zone) -%}
    {%- set midnight = 'cast(' ~ date_expression ~ ' as ' ~ dbt.type_timestamp() ~ ')' -%}
    {%- set instant = to_utc(midnight, zone) -%}
    case
        when {{ to_local(plus_seconds(instant, -3600), zone) }} = {{ midnight }} then {{ plus_seconds(instant, -3600) }}
        else {{ instant }}
    end
{%- endmacro %}
