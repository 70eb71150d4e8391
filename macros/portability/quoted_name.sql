{#- A column's name as the engine quotes it, whatever characters a raw file gave it. -#}
{% macro quoted_name(name) -%}
    {%- set mark = adapter.quote('')[0] -%}
    {{ return(adapter.quote(name | replace(mark, mark ~ mark))) }}
{%- endmacro %}
