{#-
    A cast of text that has passed a pattern (see safe_casts), null where the engine cannot do it all the same: 2024-02-30 is
    written like a date, and a decimal may be too long.

    Args:
        expression: SQL of a text.
        type: date, the timestamp type, the bigint type, the double type or decimal(23, 10).
-#}
{% macro cast_or_null(expression, type) -%}
    {{ return(adapter.dispatch('cast_or_null', 'support_kpis')(expression, type)) }}
{%- endmacro %}

{% macro default__cast_or_null(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{#- PostgreSQL knows no cast that may fail, so what could fail is asked first. -#}
{% macro postgres__cast_or_null(expression, type) -%}
    {%- if type == 'date' or type.startswith('timestamp') -%}
        case when {{ is_day_of_calendar(expression) }} then cast({{ expression }} as {{ type }}) end
    {%- elif type.startswith('decimal') -%}
        {%- set number = 'cast(' ~ without_endless_digits(expression) ~ ' as numeric)' -%}
        case when round(abs({{ number }}), 10) < 1e13 then cast({{ number }} as {{ type }}) end
    {%- elif type == type_double() -%}
        cast({{ without_endless_digits(expression) }} as {{ type }})
    {%- else -%}
        cast({{ expression }} as {{ type }})
    {%- endif -%}
{%- endmacro %}


{#-
    A number's text without the digits after its first 200, which no type keeps: PostgreSQL refuses a text of a number nearer to zero than a
    double can be, and one of more places than its decimals can have. (Before the point there are 30 at most.)
-#}
{% macro without_endless_digits(text) -%}
    case
        when length({{ text }}) <= 200 then {{ text }}
        else substr(split_part(lower({{ text }}), 'e', 1), 1, 200) || substr({{ text }}, length(split_part(lower({{ text }}), 'e', 1)) + 1)
    end
{%- endmacro %}


{#- Whether a text that begins like YYYY-MM-DD, month 01 to 12 and day 01 to 31, names a day that there is (year 0 is none on PostgreSQL). -#}
{% macro is_day_of_calendar(text) -%}
    {%- set year = "cast(substr(" ~ text ~ ", 1, 4) as integer)" -%}
    {{ year }} > 0 and cast(substr({{ text }}, 9, 2) as integer) <= case
        when substr({{ text }}, 6, 2) in ('04', '06', '09', '11') then 30
        when substr({{ text }}, 6, 2) <> '02' then 31
        when mod({{ year }}, 400) = 0 or mod({{ year }}, 4) = 0 and mod({{ year }}, 100) <> 0 then 29
        else 28
    end
{%- endmacro %}
