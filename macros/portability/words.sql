{#-
    A text as lower-case words between single spaces, with one before and after: whatever is no letter, digit or apostrophe of any
    language becomes a space, so that a pattern between spaces is found as whole words.

    Args:
        text: SQL of a text.
-#}
{% macro words_of(text) -%}
    {{ return(adapter.dispatch('words_of', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__words_of(text) -%}
    ' ' || regexp_replace(lower({{ text }}), '[^[:alnum:]'']+', ' ', 'g') || ' '
{%- endmacro %}

{#- PostgreSQL folds case and tells letters by a collation; the one named knows every language, whatever the database was made with. -#}
{% macro postgres__words_of(text) -%}
    ' ' || regexp_replace(lower({{ text }} collate "und-x-icu"), '[^[:alnum:]''²³¹¼½¾]+', ' ', 'g') || ' '
{%- endmacro %}

{% macro duckdb__words_of(text) -%}
    ' ' || regexp_replace(lower({{ text }}), '[^\p{L}\p{N}'']+', ' ', 'g') || ' '
{%- endmacro %}

{% macro spark__words_of(text) -%}
    concat(' ', regexp_replace(lower({{ text }}), r"[^\p{L}\p{N}']+", ' '), ' ')
{%- endmacro %}


{#-
    Whether a text made by words_of holds a pattern as whole words.

    Args:
        words: SQL of such a text.
        pattern: SQL of a regular expression in lower case (alternatives with | are one pattern).
    Returns: SQL of a boolean.
-#}
{% macro holds_words(words, pattern) -%}
    {{ return(adapter.dispatch('holds_words', 'support_kpis')(words, pattern)) }}
{%- endmacro %}

{% macro default__holds_words(words, pattern) -%}
    {{ words }} ~ (' (' || {{ pattern }} || ') ')
{%- endmacro %}

{% macro duckdb__holds_words(words, pattern) -%}
    regexp_matches({{ words }}, ' (?:' || {{ pattern }} || ') ')
{%- endmacro %}

{% macro spark__holds_words(words, pattern) -%}
    {{ words }} rlike concat(' (?:', {{ pattern }}, ') ')
{%- endmacro %}
