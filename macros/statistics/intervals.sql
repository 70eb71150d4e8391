{#-
    95 % intervals and tests in SQL. All take SQL expressions of doubles or whole numbers; results are doubles.
    z = 1.959963984540054 is the 97.5 % quantile of the normal distribution. It is a double, or engines would carry its square on with
    more or fewer places, and where the bound of an interval is zero one would say zero and the other a little above.
-#}
{% macro z_value() -%}{{ as_double('1.959963984540054') }}{%- endmacro %}


{#- Observations below which a value is taken for a small sample. -#}
{% macro smallest_sample() -%}30{%- endmacro %}


{#-
    Bound of the Wilson score interval of a share (E. B. Wilson, 1927, Journal of the American Statistical Association 22).

    Args:
        hits: number of successes.
        trials: sample size, above zero.
        side: 'low' or 'high'.
-#}
{% macro wilson_bound(hits, trials, side) -%}
    {%- set z = z_value() -%}
    {%- set share = "(" ~ as_double(hits) ~ " / " ~ trials ~ ")" -%}
    {%- set reach = z ~ " * sqrt(" ~ share ~ " * (1 - " ~ share ~ ") / " ~ trials ~ " + " ~ z ~ " * " ~ z ~ " / (4.0 * " ~ trials ~ " * " ~ trials ~ "))" -%}
    {#- greatest and least pass over a null, and would make a bound of nothing. -#}
    case when {{ hits }} is not null then {{ 'greatest(0.0, ' if side == 'low' else 'least(1.0, ' -}}
    ({{ share }} + {{ z }} * {{ z }} / (2.0 * {{ trials }}) {{ '-' if side == 'low' else '+' }} {{ reach }}) / (1 + {{ z }} * {{ z }} / {{ trials }})) end
{%- endmacro %}


{#-
    Half the width of the interval of a mean by the normal approximation.

    Args:
        deviation: sample standard deviation.
        trials: sample size; with fewer than two the deviation is null, and so is this.
-#}
{% macro mean_reach(deviation, trials) -%}
    {{ z_value() }} * {{ deviation }} / sqrt({{ as_double(trials) }})
{%- endmacro %}


{#-
    Half the width of the interval of a mean of values -1, 0 and 1, as the net promoter score is one (before the factor 100):
    z * sqrt((p + d - (p - d)^2) / n) with the shares p of promoters and d of detractors.

    Args:
        mean: p - d.
        square_mean: mean of the squared values, which is p + d.
        trials: sample size.
-#}
{% macro nps_reach(mean, square_mean, trials) -%}
    {{ z_value() }} * sqrt(greatest(0.0, {{ square_mean }} - {{ mean }} * {{ mean }}) / {{ trials }})
{%- endmacro %}


{#-
    Sample standard deviation out of exact whole-number sums, so that it does not depend on the order of the rows.

    Args:
        trials: sample size.
        total: sum of the values.
        squares: sum of their squares.
    Returns: a double; null with fewer than two values, or without squares.
-#}
{% macro deviation_from_sums(trials, total, squares) -%}
    case
        when {{ trials }} > 1 and {{ squares }} is not null
            then sqrt({{ as_double(as_wide_integer(trials) ~ " * " ~ squares ~ " - " ~ total ~ " * " ~ total) }} / {{ as_double(trials) }} / ({{ trials }} - 1))
    end
{%- endmacro %}


{#-
    Rank, among the values in order, of the bound of a median's interval by order statistics: floor(n/2 - z*sqrt(n)/2) and
    ceil(1 + n/2 + z*sqrt(n)/2), held within 1..n.

    Args:
        trials: sample size.
        side: 'low' or 'high'.
-#}
{% macro median_bound_rank(trials, side) -%}
    {%- set reach = z_value() ~ " * sqrt(" ~ as_double(trials) ~ ") / 2" -%}
    {%- if side == 'low' -%}
        greatest(1, cast(floor({{ trials }} / 2.0 - {{ reach }}) as {{ dbt.type_bigint() }}))
    {%- else -%}
        least({{ trials }}, cast(ceil(1 + {{ trials }} / 2.0 + {{ reach }}) as {{ dbt.type_bigint() }}))
    {%- endif -%}
{%- endmacro %}


{#- An expression as a double. -#}
{% macro as_double(expression) -%}
    cast({{ expression }} as {{ type_double() }})
{%- endmacro %}


{#- An expression as a whole number of up to 38 digits. -#}
{% macro as_wide_integer(expression) -%}
    cast({{ expression }} as {{ type_wide_integer() }})
{%- endmacro %}


{#- The sum of a whole number, exact: up to 38 digits. DuckDB adds up so of itself, and faster than numbers that are long already. -#}
{% macro wide_sum(expression) -%}
    {{ return(adapter.dispatch('wide_sum', 'support_kpis')(expression)) }}
{%- endmacro %}

{% macro default__wide_sum(expression) -%}
    sum({{ as_wide_integer(expression) }})
{%- endmacro %}

{% macro duckdb__wide_sum(expression) -%}
    sum({{ expression }})
{%- endmacro %}
