{#- Days since 1970 of a date, as a whole number. -#}
{% macro day_number(date_expression) -%}
    {{ whole_division(epoch_seconds('cast(' ~ date_expression ~ ' as ' ~ dbt.type_timestamp() ~ ')'), 86400) }}
{%- endmacro %}


{#- Weeks (from Monday) since the week of 1970-01-01, as a whole number. -#}
{% macro week_number(date_expression) -%}
    {{ whole_division(epoch_seconds('cast(' ~ date_expression ~ ' as ' ~ dbt.type_timestamp() ~ ')') ~ ' + 259200', 604800) }}
{%- endmacro %}
