{#-
    The materialization of a model that other models read as if it were a part of them: a view. On Spark a table, because Spark plans a
    view anew inside every reader and every branch of it, and a plan made of such plans takes minutes to draw up.
-#}
{% macro light_view() -%}
    {{ return(adapter.dispatch('light_view', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__light_view() -%}{{ return('view') }}{%- endmacro %}

{% macro spark__light_view() -%}{{ return('table') }}{%- endmacro %}
