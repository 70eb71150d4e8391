{#- A column's name as the engine quotes it, whatever characters a raw file gave it. -#}
{% macro quoted_name(name) -%}
    {{ return(adapter.quote(name | replace('"', '""'))) }}
{%- endmacro %}
