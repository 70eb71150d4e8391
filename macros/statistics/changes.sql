{#- Whether a change from one period to the next is more than chance: two-sided tests at 5 %, by the normal approximation. -#}

{#-
    Two shares, with the pooled share under the null hypothesis.

    Args:
        hits, trials: of the period.
        previous_hits, previous_trials: of the one before.
    Returns: SQL of a boolean; null where one of the periods has no observation. Two equal shares never differ.
-#}
{% macro shares_differ(hits, trials, previous_hits, previous_trials) -%}
    {%- set pooled = "(" ~ as_double(hits ~ " + " ~ previous_hits) ~ " / (" ~ trials ~ " + " ~ previous_trials ~ "))" -%}
    case
        when {{ trials }} > 0 and {{ previous_trials }} > 0
            then
                abs({{ as_double(hits) }} / {{ trials }} - {{ as_double(previous_hits) }} / {{ previous_trials }})
                > {{ z_value() }} * sqrt({{ pooled }} * (1 - {{ pooled }}) * (1.0 / {{ trials }} + 1.0 / {{ previous_trials }}))
    end
{%- endmacro %}


{#-
    Two means (or two net promoter scores, which are means), each with its own spread.

    Args:
        value, deviation, trials: mean, standard deviation of one observation and sample size of the period.
        previous_value, previous_deviation, previous_trials: of the one before.
    Returns: SQL of a boolean; null where a spread is not known, or where neither period has any.
-#}
{% macro means_differ(value, deviation, trials, previous_value, previous_deviation, previous_trials) -%}
    case
        when {{ trials }} > 1 and {{ previous_trials }} > 1 and {{ deviation }} + {{ previous_deviation }} > 0
            then
                abs({{ value }} - {{ previous_value }})
                > {{ z_value() }} * sqrt({{ deviation }} * {{ deviation }} / {{ trials }} + {{ previous_deviation }} * {{ previous_deviation }} / {{ previous_trials }})
    end
{%- endmacro %}
