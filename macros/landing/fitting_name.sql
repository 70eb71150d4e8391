{#-
    The name of an unknown column as every engine shows it: no longer than the 63 bytes that PostgreSQL keeps of a name, and numbered where
    that makes two alike, just as postgres_land.py names the columns.

    Args:
        name: of the column.
        taken: names that were given before.
-#}
{% macro fitting_name(name, taken) -%}
    {%- set fitting = namespace(name=name.encode()[:63].decode(errors='ignore')) -%}
    {%- for number in range(2, taken | length + 2) -%}
        {%- if fitting.name in taken -%}
            {%- set end = '~' ~ number -%}
            {%- set fitting.name = name.encode()[:63 - end | length].decode(errors='ignore') ~ end -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(fitting.name) }}
{%- endmacro %}
