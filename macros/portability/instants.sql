{#- An instant some seconds later; `seconds` is SQL of a whole number. -#}
{% macro plus_seconds(instant, seconds) -%}
    {{ return(adapter.dispatch('plus_seconds', 'support_kpis')(instant, seconds)) }}
{%- endmacro %}

{% macro default__plus_seconds(instant, seconds) -%}
    ({{ instant }} + ({{ seconds }}) * interval '1' second)
{%- endmacro %}

{% macro duckdb__plus_seconds(instant, seconds) -%}
    ({{ instant }} + to_seconds({{ seconds }}))
{%- endmacro %}

{% macro spark__plus_seconds(instant, seconds) -%}
    timestamp_seconds(unix_seconds(cast({{ instant }} as timestamp)) + ({{ seconds }}))
{%- endmacro %}


{#- The instant some seconds after 1970-01-01 00:00:00 UTC; `seconds` is SQL of a whole number. -#}
{% macro instant_of_epoch(seconds) -%}
    {{ plus_seconds("cast('1970-01-01 00:00:00' as " ~ dbt.type_timestamp() ~ ")", seconds) }}
{%- endmacro %}


{#- How often one whole number goes into another, rounded down; `divisor` is a number above zero. -#}
{% macro whole_division(number, divisor) -%}
    cast(floor(({{ number }}) / {{ divisor }}.0) as {{ dbt.type_bigint() }})
{%- endmacro %}
