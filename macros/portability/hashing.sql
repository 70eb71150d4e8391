{#-
    A stable key out of several values: the MD5, in hexadecimal, of the texts joined by a bar, an empty text for null.

    Args:
        expressions: list of SQL expressions of any type.
    Returns: SQL of a 32-character text, the same on every engine.
-#}
{% macro stable_key(expressions) -%}
    md5(
    {%- for expression in expressions -%}
        {{ " || '|' || " if not loop.first }}coalesce(cast({{ expression }} as {{ dbt.type_string() }}), '')
    {%- endfor -%}
    )
{%- endmacro %}
