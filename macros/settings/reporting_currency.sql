{#- The code of the reporting currency in capitals, as an SQL text: `usd` in the environment is USD. -#}
{% macro reporting_currency() -%}
    {{ text_literal(setting('reporting_currency') | upper) }}
{%- endmacro %}


{#- Whether money in a currency (SQL of its code, in any case; null for none) needs no exchange rate; null where there is none. -#}
{% macro is_reporting_currency(currency) -%}
    upper({{ currency }}) = {{ reporting_currency() }}
{%- endmacro %}
