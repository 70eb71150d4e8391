{#- Quantiles read from a sorted list of values (see value_lists.sql): median, p90 and the bounds of the median's interval at once. -#}

{#- How many values a list holds. -#}
{% macro length_of(values) -%}
    {{ return(adapter.dispatch('length_of', 'support_kpis')(values)) }}
{%- endmacro %}

{% macro default__length_of(values) -%}
    cast(cardinality({{ values }}) as {{ dbt.type_bigint() }})
{%- endmacro %}

{% macro duckdb__length_of(values) -%}
    len({{ values }})
{%- endmacro %}


{#- The value at a rank (1 is the least) of a sorted list. -#}
{% macro value_at(values, rank) -%}
    {{ return(adapter.dispatch('value_at', 'support_kpis')(values, rank)) }}
{%- endmacro %}

{% macro default__value_at(values, rank) -%}
    {{ values }}[{{ rank }}]
{%- endmacro %}

{% macro spark__value_at(values, rank) -%}
    element_at({{ values }}, cast({{ rank }} as int))
{%- endmacro %}


{#-
    The quantile of a sorted list with linear interpolation, as percentile_cont defines it.

    Args:
        values: sorted list.
        trials: its length, above zero.
        fraction: for example 0.9.
-#}
{% macro quantile_of(values, trials, fraction) -%}
    {%- set place = "(" ~ trials ~ " - 1) * " ~ as_double(fraction) -%}
    {%- set below = "cast(floor(" ~ place ~ ") as " ~ dbt.type_bigint() ~ ")" -%}
    {{ value_at(values, below ~ ' + 1') }}
    + ({{ value_at(values, 'least(' ~ below ~ ' + 2, ' ~ trials ~ ')') }} - {{ value_at(values, below ~ ' + 1') }}) * ({{ place }} - {{ below }})
{%- endmacro %}
