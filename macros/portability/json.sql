{#-
    JSON written by hand, member by member, because every engine's own function orders, spaces and drops nulls in its own way
    and a rejected row must read the same everywhere.
-#}

{#-
    Members of a JSON object without the braces.

    Args:
        pairs: list of (name, SQL of a text).
    Returns: SQL of a text such as "a": "1", "b": null.
-#}
{% macro json_members(pairs) -%}
    {%- for name, expression in pairs -%}
        {{ " || ', ' || " if not loop.first }}{{ text_literal(json_name(name) ~ ': ') }} || {{ json_text(expression) }}
    {%- endfor -%}
{%- endmacro %}


{#- A name as a JSON string, escaped as json_text escapes a value: column names of spreadsheets hold line ends. -#}
{% macro json_name(name) -%}
    {%- set escapes = {'\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x7f': '\ufffd'} -%}
    {%- set escaped = namespace(name='') -%}
    {%- for character in name -%}
        {%- set escaped.name = escaped.name ~ escapes.get(character, '\ufffd' if character < ' ' else character) -%}
    {%- endfor -%}
    {{ return('"' ~ escaped.name ~ '"') }}
{%- endmacro %}


{#- A text as a JSON string: quotes, backslashes, tabs and line ends escaped, other control characters shown as unreadable; null as the word null. -#}
{% macro json_text(expression) -%}
    {#- chr(92) is the backslash, which Spark would read as an escape. -#}
    {%- set escaped -%}
        replace(replace(replace(replace(replace({{ expression }}, chr(92), chr(92) || chr(92)), '"', chr(92) || '"'), chr(10), chr(92) || 'n'), chr(13), chr(92) || 'r'), chr(9), chr(92) || 't')
    {%- endset -%}
    coalesce('"' || {{ without_control_characters(escaped) }} || '"', 'null')
{%- endmacro %}


{#- A text with the replacement character for each control character, which JSON does not allow. -#}
{% macro without_control_characters(text) -%}
    {{ return(adapter.dispatch('without_control_characters', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__without_control_characters(text) -%}
    regexp_replace({{ text }}, '[[:cntrl:]]', chr(65533), 'g')
{%- endmacro %}

{#- The class of PostgreSQL holds more than ASCII's control characters. -#}
{% macro postgres__without_control_characters(text) -%}
    regexp_replace({{ text }}, '[\u0001-\u001f\u007f]', chr(65533), 'g')
{%- endmacro %}

{% macro spark__without_control_characters(text) -%}
    regexp_replace({{ text }}, r'[\x00-\x1f\x7f]', '\uFFFD')
{%- endmacro %}


{#- The text of a member of a JSON object written by json_members; null where it is null or not there. -#}
{% macro json_member(record, name) -%}
    {{ return(adapter.dispatch('json_member', 'support_kpis')(record, name)) }}
{%- endmacro %}

{% macro default__json_member(record, name) -%}
    cast({{ record }} as json) ->> '{{ name }}'
{%- endmacro %}

{% macro spark__json_member(record, name) -%}
    get_json_object({{ record }}, '$.{{ name }}')
{%- endmacro %}
