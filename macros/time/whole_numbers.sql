{#-
    The whole numbers from 0 up, without any engine's series function.

    Args:
        digits: how many decimal digits: 2 gives 0 to 99.
    Returns: a select of one column, `number`.
-#}
{% macro whole_numbers(digits) -%}
select
    {% for place in range(digits) -%}
    {{ '+ ' if not loop.first }}{{ 10 ** place }} * digits_{{ place }}.digit
    {% endfor -%}
    as number
{% for place in range(digits) -%}
{{ 'from' if loop.first else 'cross join' }} (
    {%- for digit in range(10) %}select {{ digit }} as digit{{ ' union all ' if not loop.last }}{% endfor -%}
) as digits_{{ place }}
{% endfor -%}
{%- endmacro %}
