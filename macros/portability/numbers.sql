{#-
    Rounds half up to a whole number (values are never negative here). Goes by way of a decimal, because engines round doubles
    that are a hair below a half differently.
-#}
{% macro round_half_up(expression) -%}
    cast(round(cast({{ expression }} as decimal(28, 10)), 0) as {{ dbt.type_bigint() }})
{%- endmacro %}


{#- Orders text by its bytes on every engine. -#}
{% macro bytewise(expression) -%}
    {{ return(adapter.dispatch('bytewise', 'support_kpis')(expression)) }}
{%- endmacro %}

{% macro default__bytewise(expression) -%}
    {{ expression }}
{%- endmacro %}

{% macro postgres__bytewise(expression) -%}
    {{ expression }} collate "C"
{%- endmacro %}
