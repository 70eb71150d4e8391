{#-
    An amount of money in the reporting currency.

    Args:
        amount: SQL of a decimal in the currency.
        currency: SQL of its code; null stands for the reporting currency.
        rate: SQL of the units of the reporting currency for one of it, on the day that counts.
    Returns: SQL of a decimal(38, 14), exact to four places of the amount and ten of the rate; null where a rate is needed and there is
        none. It is not rounded here: that costs more than to multiply.
-#}
{% macro in_reporting_currency(amount, currency, rate) -%}
    case
        when {{ currency }} is null or {{ is_reporting_currency(currency) }}
            then cast(cast({{ amount }} as decimal(18, 4)) as decimal(38, 14))
        else cast({{ amount }} as decimal(18, 4)) * cast({{ rate }} as decimal(23, 10))
    end
{%- endmacro %}
