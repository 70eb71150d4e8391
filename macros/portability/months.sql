{#- The calendar month of a date as a whole number that counts up by one a month: January of year 0 is 0. -#}
{% macro month_number(date_expression) -%}
    cast(12 * extract(year from {{ date_expression }}) + extract(month from {{ date_expression }}) - 1 as integer)
{%- endmacro %}


{#- The first day of a month that is given by its number (see month_number). -#}
{% macro first_of_month(number) -%}
    make_date(cast(floor({{ number }} / 12.0) as integer), cast(mod({{ number }}, 12) + 1 as integer), 1)
{%- endmacro %}
