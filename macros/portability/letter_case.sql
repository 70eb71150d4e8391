{#-
    A text in small letters, letter by letter, the same on every engine. PostgreSQL and Spark would make two characters of the capital dotted I
    and look at what stands around a capital sigma; DuckDB does neither.
-#}
{% macro lower_case(text) -%}
    {{ return(adapter.dispatch('lower_case', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__lower_case(text) -%}
    lower(translate({{ text }}, 'İΣ', 'iσ'))
{%- endmacro %}

{% macro duckdb__lower_case(text) -%}
    lower({{ text }})
{%- endmacro %}

{#-
    PostgreSQL folds case by a collation; the one named knows every language, whatever the database was made with. It is left again, or
    the columns made of the text would be sorted by it.
-#}
{% macro postgres__lower_case(text) -%}
    lower(translate({{ text }}, 'İΣ', 'iσ') collate "und-x-icu") collate "default"
{%- endmacro %}


{#- A text without the spaces at both ends, among them those of no fixed width and no break that spreadsheets and web pages bring. -#}
{% macro trimmed(text) -%}
    {{ return(adapter.dispatch('trimmed', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__trimmed(text) -%}
    trim(both '{{ spaces() }}' from {{ text }})
{%- endmacro %}

{#- DuckDB trims all of them by itself. -#}
{% macro duckdb__trimmed(text) -%}
    trim({{ text }})
{%- endmacro %}


{#- Every character that Unicode calls a space (Zs). -#}
{% macro spaces() -%}
    {{ return(' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000') }}
{%- endmacro %}


{#- A word of a list (a status, a priority, a language) as it is compared: without spaces around it, in small letters. -#}
{% macro listed_word(text) -%}
    {{ lower_case(trimmed(text)) }}
{%- endmacro %}
