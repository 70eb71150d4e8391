{#- A text as SQL, whatever it holds. -#}
{% macro text_literal(text) -%}
    {{ return(dbt.string_literal(dbt.escape_single_quotes(text))) }}
{%- endmacro %}


{#-
    Overrides dbt's: a text as it stands between single quotes. Spark takes a backslash for the beginning of an escape, so it is doubled
    too; dbt leaves it, and the rows of a unit test would lose theirs.

    Args:
        expression: the text.
-#}
{% macro spark__escape_single_quotes(expression) -%}
    {{ return(expression | replace('\\', '\\\\') | replace("'", "\\'")) }}
{%- endmacro %}
