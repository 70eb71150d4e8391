{#- How a KPI's own past is read, said once. -#}

{#-
    The stretches of the past that a forecast rests on, by grain; all in periods of the grain unless it says weeks.

    Returns: a dict by grain of
        gap: periods just before the tested one that teach nothing yet, so that an incident of a few days does not become its own past;
        level: how far back the present level is looked for, beside the weekday's own mean;
        spread, spread_least: how far back the misses of earlier forecasts are looked at, and how many there must be;
        early: length of the beginning in which nothing is judged yet, for want of what the lines above ask for;
        climb: length of the stretch in which a creep is looked for, a multiple of three;
        before: length of the stretch before it that it is compared with;
        base_first, base_last: the weeks back from which a creep's weekday means are taken, none of them within the climb;
        base_noise: what those means add to the variance of the comparison, in variances of one period.
-#}
{% macro forecast_windows() -%}
    {{ return({
        'day': {
            'gap': 4, 'level': 28, 'spread': 91, 'spread_least': 21, 'early': 56, 'climb': 21, 'before': 56,
            'base_first': 16, 'base_last': 4, 'base_noise': 0.02,
        },
        'week': {
            'gap': 0, 'level': 8, 'spread': 26, 'spread_least': 8, 'early': 13, 'climb': 6, 'before': 16,
            'base_first': 20, 'base_last': 7, 'base_noise': 0.1,
        },
    }) }}
{%- endmacro %}


{#- Weeks back over which the mean of a weekday is taken. -#}
{% macro season_weeks() -%}13{%- endmacro %}


{#- How many of those weeks must be there. -#}
{% macro season_least() -%}5{%- endmacro %}


{#- Misses of a forecast beyond this many standard deviations are drawn in before they teach anything. -#}
{% macro drawn_in_beyond() -%}2.5{%- endmacro %}


{#-
    How far a value lies from what was expected, in units in which chance alone would give about one: for shares and counts the signed
    root of the deviance, a quarter of a case drawn in (which holds for rare cases too, where the plain z does not, and comes near the
    mid-p value on both sides); for the others the difference times the root of the sample size, in units of their own.

    Args:
        expected: SQL of the expected value on the scale of `level` (see int_alert_points).
        trials_seen: SQL of how many trials the expectation rests on; an expected share is held half a case away from 0 and 1.
    The row must have shape, level, value, numerator, sample_size.
-#}
{% macro miss_of(expected, trials_seen) -%}
    {%- set share = "least(greatest(" ~ expected ~ ", 0.5 / (" ~ trials_seen ~ " + 1.0)), 1 - 0.5 / (" ~ trials_seen ~ " + 1.0))" -%}
    case
        when shape = 'share' then {{ share_miss('numerator', 'sample_size', share) }}
        when shape = 'count' then {{ count_miss('value', 'exp(' ~ expected ~ ')') }}
        when shape = 'step' then level - ({{ expected }})
        else (level - ({{ expected }})) * sqrt({{ as_double('sample_size') }})
    end
{%- endmacro %}


{#-
    Signed root of the deviance of a count from its expectation (P. McCullagh, J. A. Nelder, Generalized Linear Models, 2.3 and 2.4).

    Args:
        cases: SQL of the count.
        expected: SQL of the expected count, above zero.
-#}
{% macro count_miss(cases, expected) -%}
    {%- set near = "(" ~ cases ~ " + greatest(-0.25, least(0.25, " ~ expected ~ " - " ~ cases ~ ")))" -%}
    sign({{ cases }} - {{ expected }}) * sqrt(2 * greatest(0.0,
        case when {{ near }} > 0 then {{ near }} * ln({{ near }} / {{ expected }}) else 0.0 end - ({{ near }} - {{ expected }})
    ))
{%- endmacro %}


{#-
    The same of a number of hits from an expected share.

    Args:
        hits, trials: SQL of doubles.
        share: SQL of the expected share, above 0 and below 1.
-#}
{% macro share_miss(hits, trials, share) -%}
    {%- set expected = "(" ~ trials ~ " * (" ~ share ~ "))" -%}
    {%- set near = "(" ~ hits ~ " + greatest(-0.25, least(0.25, " ~ expected ~ " - " ~ hits ~ ")))" -%}
    {%- set far = "(" ~ trials ~ " - " ~ near ~ ")" -%}
    sign({{ hits }} - {{ expected }}) * sqrt(2 * greatest(0.0,
        case when {{ near }} > 0 then {{ near }} * ln({{ near }} / {{ expected }}) else 0.0 end
        + case when {{ far }} > 0 then {{ far }} * ln({{ far }} / ({{ trials }} - {{ expected }})) else 0.0 end
    ))
{%- endmacro %}


{#- Variance out of the width of a 95 % interval. -#}
{% macro half_reach_squared(width) -%}
    ({{ width }}) * ({{ width }}) / (4 * {{ z_value() }} * {{ z_value() }})
{%- endmacro %}


{#-
    Variance of one observation that a median is made of, such that the median's own is a number-th of it, out of the distance of the two
    order statistics that bound its 95 % interval. They lie whole ranks apart, which in small samples is more than the interval needs; the rank
    of the median itself varies by half the root of the number (the binomial with one half).

    Args:
        width: SQL of the distance between the bounds.
        trials: SQL of the number of observations.
-#}
{% macro variance_of_median(width, trials) -%}
    power({{ trials }} / 2.0 * ({{ width }}) / nullif({{ median_bound_rank(trials, 'high') }} - {{ median_bound_rank(trials, 'low') }}, 0), 2)
{%- endmacro %}


{#- The median of five values in plain arithmetic; null where one of them is null. -#}
{% macro median_of_five(values) -%}
    {%- set low = "greatest(least(" ~ values[0] ~ ", " ~ values[1] ~ "), least(" ~ values[2] ~ ", " ~ values[3] ~ "))" -%}
    {%- set high = "least(greatest(" ~ values[0] ~ ", " ~ values[1] ~ "), greatest(" ~ values[2] ~ ", " ~ values[3] ~ "))" -%}
    greatest(least({{ values[4] }}, {{ high }}), least(greatest({{ values[4] }}, {{ high }}), {{ low }}))
{%- endmacro %}


{#- Condition on a row of int_alert_forecasts: enough earlier forecasts were made to know how far they miss. -#}
{% macro least_spread_count() -%}
    spread_count >= case period_grain
    {%- for grain, span in forecast_windows().items() %} when '{{ grain }}' then {{ span.spread_least }}{% endfor %} end
{%- endmacro %}


{#- KPIs whose numerator may still grow after their period has ended. -#}
{% macro kpis_that_ripen() -%}
    {{ return(['escalation_rate', 'reopen_rate', 'csat_response_rate']) }}
{%- endmacro %}


{#- Days after which it hardly does. -#}
{% macro ripening_days() -%}21{%- endmacro %}


{#- Whose holidays count for a member: those of the team itself, or for any other cut those of most teams (see int_alert_holidays). -#}
{% macro closed_for(dimension, member_id) -%}
    case {{ dimension }} when 'team' then 'team ' || {{ member_id }} else 'most' end
{%- endmacro %}
