{#- Days that the staffing table looks back: thirteen weeks, so that every weekday is in it equally often and no season is twice. -#}
{% macro staffing_days() -%}91{%- endmacro %}
