{#-
    Each row of a series with the same member's row of the period before, also where the member is in only one of the two.

    Args:
        relation: CTE with period_start, next_period_start (first day after the period), is_suppressed, change, is_significant_change,
            is_complete_period, unit_factor, member_name, the keys and the figures.
        keys: list of columns that name a series.
        figures: list of columns of numbers.
    Returns: a select with the keys, period_start, member_name, is_hidden (in one of the two periods), change and the two columns after it,
        unit_factor, and of each figure the columns <figure> and previous_<figure> as decimals, 0 where there is no row.
-#}
{% macro periods_paired(relation, keys, figures) -%}
select
    {%- for key in keys %}
    coalesce(present.{{ key }}, past.{{ key }}) as {{ key }},
    {%- endfor %}
    coalesce(present.period_start, past.next_period_start) as period_start,
    coalesce(present.member_name, past.member_name) as member_name,
    coalesce(present.is_suppressed, false) or coalesce(past.is_suppressed, false) as is_hidden,
    {%- for figure in figures %}
    {{ exact_decimal('coalesce(present.' ~ figure ~ ', 0)') }} as {{ figure }},
    {{ exact_decimal('coalesce(past.' ~ figure ~ ', 0)') }} as previous_{{ figure }},
    {%- endfor %}
    present.unit_factor,
    present.change,
    present.is_significant_change,
    present.is_complete_period
from {{ relation }} as present
full outer join {{ relation }} as past
    on
        present.period_start = past.next_period_start
        {%- for key in keys %}
        and present.{{ key }} = past.{{ key }}
        {%- endfor %}
{%- endmacro %}
