{#- What an engine is told before and after it makes a model: hooks of every model (dbt_project.yml), empty for most engines. -#}

{#- Said before a model is made. -#}
{% macro before_model() -%}
    {{ return(adapter.dispatch('before_model', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__before_model() -%}{%- endmacro %}

{#- PostgreSQL would compile the long expressions of a gate to machine code, for half a minute, to run them over some thousand rows. -#}
{% macro postgres__before_model() -%}
    set jit = off
{%- endmacro %}


{#- Said after a model was made. -#}
{% macro after_model() -%}
    {{ return(adapter.dispatch('after_model', 'support_kpis')()) }}
{%- endmacro %}

{% macro default__after_model() -%}{%- endmacro %}

{#- PostgreSQL knows nothing of a new table until it has counted it, and plans its readers as if it held next to nothing. -#}
{% macro postgres__after_model() -%}
    {%- if model.config.materialized != 'view' -%}
        analyze {{ this }}
    {%- endif -%}
{%- endmacro %}
