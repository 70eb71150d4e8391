{#- Answers below which a group of employees is not published: the fewest among whom a single answer stays unknown. -#}
{% macro smallest_employee_group() -%}5{%- endmacro %}
