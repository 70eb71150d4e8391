{#-
    A text as lower-case words between single spaces, with one before and after: whatever is no letter, digit or apostrophe of any
    language becomes a space, so that a pattern between spaces is found as whole words. A text with apostrophes is there twice, with a bar
    between: with them, for "doesn't", and with spaces in their place, for 'slow' in quotes and for "l'attente".

    Args:
        text: SQL of a text.
-#}
{% macro words_of(text) -%}
    {#- The apostrophe that word processors write is one too. -#}
    {%- set plain = "replace(" ~ text ~ ", '’', chr(39))" -%}
    case
        when {{ text }} like concat('%', chr(39), '%') or {{ text }} like '%’%'
            then {{ spaced_words(plain) }} || '|' || {{ spaced_words('replace(' ~ plain ~ ", chr(39), ' ')") }}
        else {{ spaced_words(text) }}
    end
{%- endmacro %}


{#-
    A text as words between spaces, apostrophes in them; see words_of. Of the characters that count without being digits (Ⅷ, ①), the six of
    Latin-1 alone belong to words: PostgreSQL's class of letters and digits has none of them.
-#}
{% macro spaced_words(text) -%}
    {{ return(adapter.dispatch('spaced_words', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__spaced_words(text) -%}
    ' ' || regexp_replace({{ lower_case(text) }}, '[^[:alnum:]''²³¹¼½¾]+', ' ', 'g') || ' '
{%- endmacro %}

{#- PostgreSQL tells letters by a collation too. -#}
{% macro postgres__spaced_words(text) -%}
    ' ' || regexp_replace({{ lower_case(text) }} collate "und-x-icu", '[^[:alnum:]''²³¹¼½¾]+', ' ', 'g') || ' '
{%- endmacro %}

{% macro duckdb__spaced_words(text) -%}
    ' ' || regexp_replace({{ lower_case(text) }}, '[^\p{L}\p{Nd}''²³¹¼½¾]+', ' ', 'g') || ' '
{%- endmacro %}

{% macro spark__spaced_words(text) -%}
    concat(' ', regexp_replace({{ lower_case(text) }}, r"[^\p{L}\p{Nd}'²³¹¼½¾]+", ' '), ' ')
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
