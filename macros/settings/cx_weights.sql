{#-
    The weights of the customer experience score, in the order satisfaction, ease, recommendation.

    Returns: a list of three numbers out of the setting cx_weights, such as '0.4, 0.3, 0.3'.
    Errors: a compiler error where they are not three numbers of zero or more that add up to one.
-#}
{% macro cx_weights() %}
    {%- set weights = [] -%}
    {%- for word in (setting('cx_weights') | string).strip('[]() ').split(',') -%}
        {%- do weights.append(word | trim | float(-1)) -%}
    {%- endfor -%}
    {%- if weights | length != 3 or weights | select('ge', 0) | list | length != 3 or (weights | sum - 1) | abs > 0.000001 -%}
        {{ exceptions.raise_compiler_error("The setting cx_weights (SUPPORT_KPIS_CX_WEIGHTS) takes three weights for satisfaction, ease and recommendation that add up to 1, such as 0.4, 0.3, 0.3: '" ~ setting('cx_weights') ~ "'.") }}
    {%- endif -%}
    {{ return(weights) }}
{% endmacro %}
