{#-
    A double as a decimal with ten places, null where it is too great for one. Doubles are summed and rounded as decimals, because the
    order of the rows must not show in the last digit and because engines round doubles that are a hair below a half differently.
-#}
{% macro as_decimal(expression) -%}
    case when abs({{ expression }}) < 1e15 then {{ double_to_decimal(expression) }} end
{%- endmacro %}


{#- The cast itself: PostgreSQL keeps fifteen digits of a double only, but all of its text. -#}
{% macro double_to_decimal(expression) -%}
    {{ return(adapter.dispatch('double_to_decimal', 'support_kpis')(expression)) }}
{%- endmacro %}

{% macro default__double_to_decimal(expression) -%}
    cast({{ expression }} as decimal(28, 10))
{%- endmacro %}

{% macro postgres__double_to_decimal(expression) -%}
    cast(cast({{ expression }} as text) as decimal(28, 10))
{%- endmacro %}


{#-
    A double of any size as a decimal with ten places, the same on every engine: whole part and rest by themselves. In one piece, DuckDB
    multiplies a double by ten thousand million, which loses its last digits above a million; where like is taken from like they count.
-#}
{% macro exact_decimal(expression) -%}
    cast(
        cast(cast(floor({{ expression }}) as {{ dbt.type_bigint() }}) as decimal(28, 10))
        + {{ double_to_decimal(expression ~ ' - floor(' ~ expression ~ ')') }}
        as decimal(28, 10)
    )
{%- endmacro %}


{#- Rounds half up to a whole number (values are never negative here). -#}
{% macro round_half_up(expression) -%}
    cast(round({{ as_decimal(expression) }}, 0) as {{ dbt.type_bigint() }})
{%- endmacro %}


{#- Orders text by its bytes on every engine. -#}
{% macro bytewise(expression) -%}
    {{ return(adapter.dispatch('bytewise', 'support_kpis')(expression)) }}
{%- endmacro %}

{% macro default__bytewise(expression) -%}
    {{ expression }}
{%- endmacro %}

{% macro postgres__bytewise(expression) -%}
    {{ expression }} collate "C"
{%- endmacro %}
