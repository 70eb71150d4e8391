{#-
    An amount of money in the reporting currency.

    Args:
        amount: SQL of a decimal in the currency.
        currency: SQL of its code; null stands for the reporting currency.
        rate: SQL of the units of the reporting currency for one of it, on the day that counts.
    Returns: SQL of a decimal, exact to the rate's ten places; null where a rate is needed and there is none.
-#}
{% macro in_reporting_currency(amount, currency, rate) -%}
    cast({{ amount }} as decimal(18, 4))
    * case
        when {{ currency }} is null or {{ currency }} = '{{ setting("reporting_currency") }}' then 1
        else cast({{ rate }} as decimal(23, 10))
    end
{%- endmacro %}
