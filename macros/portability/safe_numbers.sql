{#- Reading text as a number without ever failing: see safe_casts.sql. -#}

{#- A whole number, which may be written 3.0 but not 3.7; at most 18 digits. -#}
{% macro safe_integer(text) -%}
    case
        when {{ matches(text, '[+-]?[0-9]{1,18}([.]0*)?') }}
            then {{ cast_or_null("split_part(" ~ text ~ ", '.', 1)", dbt.type_bigint()) }}
    end
{%- endmacro %}


{#-
    A finite number below ten thousand million either way, with an exponent if need be; no NaN, infinity, underscore or thousands
    separator. A greater one is no number of seconds, minutes or points, and would run over what is computed from it.
-#}
{% macro safe_number(text) -%}
    case
        when {{ matches(text, '[+-]?([0-9]{1,10}([.][0-9]*)?|[.][0-9]+)') }}
            then {{ cast_or_null(text, type_double()) }}
        when {{ matches(text, number_pattern()) }}
            then case when abs({{ cast_or_null(text, type_double()) }}) < 1e10 then {{ cast_or_null(text, type_double()) }} end
    end
{%- endmacro %}


{#- A finite decimal, kept with ten places; null where it has more than thirteen digits before the point. -#}
{% macro safe_decimal(text) -%}
    case
        when {{ matches(text, number_pattern()) }}
            then {{ decimal_or_null(text) }}
    end
{%- endmacro %}


{#- A text that matched, as a decimal with ten places; null where it has too many digits. -#}
{% macro decimal_or_null(text) -%}
    {{ return(adapter.dispatch('decimal_or_null', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__decimal_or_null(text) -%}
    {{ cast_or_null(text, 'decimal(23, 10)') }}
{%- endmacro %}

{#-
    Short decimals first: DuckDB reads those of up to 18 digits fifty times as fast. One with an exponent is written out: its own cast would
    refuse some of more than thirteen digits before the point, and drop digits that the exponent brings before it.
-#}
{% macro duckdb__decimal_or_null(text) -%}
    coalesce(
        cast(case when strpos(lower({{ text }}), 'e') = 0 then try_cast({{ text }} as decimal(18, 10)) end as decimal(23, 10)),
        try_cast(case when strpos(lower({{ text }}), 'e') = 0 then {{ text }} else {{ without_exponent('lower(' ~ text ~ ')') }} end as decimal(23, 10))
    )
{%- endmacro %}


{#- A number that has an exponent of up to two digits after a small e, written out with more noughts than the point can be moved over. -#}
{% macro without_exponent(text) -%}
    {%- set mantissa = "ltrim(split_part(" ~ text ~ ", 'e', 1), '+-')" -%}
    {%- set digits = "repeat('0', 100) || replace(" ~ mantissa ~ ", '.', '') || repeat('0', 100)" -%}
    {%- set before_point = "(100 + length(split_part(" ~ mantissa ~ ", '.', 1)) + cast(split_part(" ~ text ~ ", 'e', 2) as integer))" -%}
    case when {{ text }} like '-%' then '-' else '' end || substr({{ digits }}, 1, {{ before_point }}) || '.' || substr({{ digits }}, {{ before_point }} + 1)
{%- endmacro %}


{#- Digits with or without a point, a sign and an exponent. -#}
{% macro number_pattern() -%}
    [+-]?([0-9]{1,30}([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?
{%- endmacro %}


{#- True where numbers that the database holds already, in a type of this name, need not be read out of their text. -#}
{% macro is_stored_as(dtype, contract_type) -%}
    {%- set whole = dtype in ('tinyint', 'smallint', 'int', 'integer', 'bigint') -%}
    {{ return({
        'integer': whole,
        'number': whole or dtype in ('double', 'double precision'),
        'decimal': dtype.startswith('decimal'),
    }[contract_type]) }}
{%- endmacro %}


{#-
    A number that the database holds (see is_stored_as), null where it lies outside the bounds within which its text would be read: NaN
    and infinity lie outside on every engine.
-#}
{% macro stored_number(stored, contract_type) -%}
    {%- set bound, type = {
        'integer': ('999999999999999999', dbt.type_bigint()),
        'number': ('9999999999.999999', type_double()),
        'decimal': ('9999999999999.9999999999', 'decimal(23, 10)'),
    }[contract_type] -%}
    case when {{ stored }} >= -{{ bound }} and {{ stored }} <= {{ bound }} then cast({{ stored }} as {{ type }}) end
{%- endmacro %}
