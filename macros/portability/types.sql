{#- The type of a double-precision number. -#}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__type_double() %}double{% endmacro %}

{% macro postgres__type_double() %}double precision{% endmacro %}


{#- The type of a whole number of up to 38 digits, for sums of squares. -#}
{% macro type_wide_integer() -%}
    {{ return(adapter.dispatch('type_wide_integer', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__type_wide_integer() %}decimal(38, 0){% endmacro %}

{% macro duckdb__type_wide_integer() %}hugeint{% endmacro %}


{#- An expression of any type as a text. -#}
{% macro as_text(expression) -%}
    cast({{ expression }} as {{ dbt.type_string() }})
{%- endmacro %}
