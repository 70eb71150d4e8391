{#- The type of a double-precision number. -#}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__type_double() %}double{% endmacro %}

{% macro postgres__type_double() %}double precision{% endmacro %}
