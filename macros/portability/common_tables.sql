{#-
    Said after `as` of a CTE that is read more than once but must not be kept: it is computed again for each reader, as a view would
    be. For wide rows that each reader only needs a few columns or few rows of. PostgreSQL keeps it all the same (see below).
-#}
{% macro inlined() -%}
    {{ return(adapter.dispatch('inlined', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__inlined() -%}not materialized{%- endmacro %}

{#-
    PostgreSQL would compute a column anew wherever it is named, patterns and all, for it keeps nothing of a row that it reads through: a gate takes
    fifty times as long then.
-#}
{% macro postgres__inlined() -%}materialized{%- endmacro %}

{#- Spark always computes a CTE anew, and has no word for it. -#}
{% macro spark__inlined() -%}{%- endmacro %}
