{#-
    Quantiles from a list of sorted values, from which median, p90 and the bounds of the median's interval are read at once.
-#}

{#- Aggregate: the values of a group as a sorted list. -#}
{% macro sorted_values(expression) -%}
    {{ return(adapter.dispatch('sorted_values', 'support_kpis')(expression)) }}
{%- endmacro %}

{% macro default__sorted_values(expression) -%}
    array_agg({{ expression }} order by {{ expression }})
{%- endmacro %}

{% macro duckdb__sorted_values(expression) -%}
    list_sort(list({{ expression }}))
{%- endmacro %}

{% macro spark__sorted_values(expression) -%}
    array_sort(collect_list({{ expression }}))
{%- endmacro %}


{#-
    Sorted lists of values put together, group by group, without reading the values themselves once more.

    Args:
        relation: CTE with the columns to group by and `amounts`, a sorted list.
        selected: the columns to group by as they are selected, SQL.
        groups: the same as they are grouped by, SQL.
    Returns: a select of the groups, and `amounts` with all values of a group, sorted.
-#}
{% macro join_lists(relation, selected, groups) -%}
    {{ return(adapter.dispatch('join_lists', 'support_kpis')(relation, selected, groups)) }}
{%- endmacro %}

{% macro default__join_lists(relation, selected, groups) -%}
    select
        {{ selected }},
        array_agg(amount order by amount) as amounts
    from {{ relation }}
    cross join unnest({{ relation }}.amounts) as unpacked (amount)
    group by {{ groups }}
{%- endmacro %}

{% macro duckdb__join_lists(relation, selected, groups) -%}
    select
        {{ selected }},
        list_sort(flatten(list(amounts))) as amounts
    from {{ relation }}
    group by {{ groups }}
{%- endmacro %}

{% macro spark__join_lists(relation, selected, groups) -%}
    select
        {{ selected }},
        array_sort(flatten(collect_list(amounts))) as amounts
    from {{ relation }}
    group by {{ groups }}
{%- endmacro %}


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
