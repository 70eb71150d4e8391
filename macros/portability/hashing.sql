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


{#-
    A hash of a text in eight bytes, to find rows that may be alike without carrying their texts. Not the same on every engine, and texts
    can share one: for use within one query only.
-#}
{% macro short_hash(expression) -%}
    {{ return(adapter.dispatch('short_hash', 'support_kpis')(expression)) }}
{%- endmacro %}

{% macro default__short_hash(expression) -%}
    hash({{ expression }})
{%- endmacro %}

{% macro postgres__short_hash(expression) -%}
    hashtextextended({{ expression }}, 0)
{%- endmacro %}

{% macro spark__short_hash(expression) -%}
    xxhash64({{ expression }})
{%- endmacro %}
