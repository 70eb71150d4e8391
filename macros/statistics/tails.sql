{#- Tail probabilities in plain arithmetic, which every engine has. Nothing here is exact to the last digit; everything is the same everywhere. -#}

{#-
    Probability that a standard normal variable exceeds a value, by the rational approximation of the complementary error function in
    Press et al., Numerical Recipes (relative error below 1.2e-7 everywhere).

    Args:
        score: SQL of a double of any sign; beyond 30 it is taken as 30.
    Returns: SQL of a double above 0 and below 1.
-#}
{% macro normal_upper_tail(score) -%}
    {%- set distance = "(least(abs(" ~ score ~ "), 30.0) / 1.4142135623730951)" -%}
    {%- set step = "(1.0 / (1.0 + 0.5 * " ~ distance ~ "))" -%}
    {%- set parts = namespace(sum='0.17087277') -%}
    {%- for factor in ['-0.82215223', '1.48851587', '-1.13520398', '0.27886807', '-0.18628806', '0.09678418', '0.37409196', '1.00002368'] -%}
        {%- set parts.sum = "(" ~ factor ~ " + " ~ step ~ " * " ~ parts.sum ~ ")" -%}
    {%- endfor -%}
    {%- set tail = "(0.5 * " ~ step ~ " * exp(-" ~ distance ~ " * " ~ distance ~ " - 1.26551223 + " ~ step ~ " * " ~ parts.sum ~ "))" -%}
    case when {{ score }} >= 0 then {{ tail }} else 1.0 - {{ tail }} end
{%- endmacro %}


{#-
    The standard normal score that is as rare as a Student score (D. L. Wallace, 1959, Annals of Mathematical Statistics 30, 1124-1130).

    Args:
        score: SQL of the Student score.
        freedom: SQL of its degrees of freedom, above zero.
    Returns: SQL of a double with the sign of the score.
-#}
{% macro student_as_normal(score, freedom) -%}
    sign({{ score }}) * (8.0 * {{ freedom }} + 1) / (8.0 * {{ freedom }} + 3)
    * sqrt({{ freedom }} * ln(1 + ({{ score }}) * ({{ score }}) / {{ as_double(freedom) }}))
{%- endmacro %}


{#- A number as a whole number of millionths, so that sums are exact and do not depend on the order of the rows. -#}
{% macro in_millionths(expression) -%}
    {{ as_wide_integer("floor(1000000.0 * (" ~ expression ~ ") + 0.5)") }}
{%- endmacro %}


{#- A sum of millionths as a number. -#}
{% macro from_millionths(expression) -%}
    ({{ as_double(expression) }} / 1000000.0)
{%- endmacro %}


{#-
    The standard normal score that is about as rare as a chi-square variable (E. B. Wilson, M. M. Hilferty, 1931, Proceedings of the National
    Academy of Sciences 17, 684-688).

    Args:
        square: SQL of the variable, at least 0.
        freedom: SQL of its degrees of freedom, above zero.
    Returns: SQL of a double.
-#}
{% macro chi_square_as_normal(square, freedom) -%}
    {#- Spark divides literals as decimals, of six places. #}
    ((power(greatest(0.0, {{ square }}) / {{ freedom }}, {{ as_double('1') }} / 3) - 1 + 2 / (9.0 * {{ freedom }})) / sqrt(2 / (9.0 * {{ freedom }})))
{%- endmacro %}
