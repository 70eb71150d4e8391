{#-
    What a member of a dimension brought about in the change of a rate or mean of the whole, in two parts: its weight changed (mix), or its
    own rate did (rate). Weights and rates of the two periods are each averaged (T. L. Bennet, 1920, Journal of the Royal Statistical
    Society 83, 455-462), so that neither period is preferred, and the whole's own level is taken off the rate, so that a member that grows
    while it lies above the whole raises it. Over all members the two parts add up to the change, exactly. A member that is in one period
    only has no change of rate: all that it brings is mix. Adding 0.0 makes zero of minus zero.
-#}

{#-
    The part due to a changed mix.

    Args:
        weight, previous_weight: the member's share of the denominator in either period; 0 where it was not there.
        rate, previous_rate: its own rate; null where it was not there.
        whole, previous_whole: the rate of the whole.
-#}
{% macro mix_part(weight, previous_weight, rate, previous_rate, whole, previous_whole) -%}
    coalesce(
        0.0 + ({{ weight }} - {{ previous_weight }})
        * (
            (coalesce({{ rate }}, {{ previous_rate }}) + coalesce({{ previous_rate }}, {{ rate }})) / 2
            - ({{ whole }} + {{ previous_whole }}) / 2
        ),
        0
    )
{%- endmacro %}


{#-
    The part due to a changed rate.

    Args:
        weight, previous_weight, rate, previous_rate: as in mix_part.
        weightless, previous_weightless: what the member adds to the whole without any weight of its own, as work in a team with nobody on shift
            does to occupancy; 0 for any other.
-#}
{% macro rate_part(weight, previous_weight, rate, previous_rate, weightless, previous_weightless) -%}
    (
        ({{ weight }} + {{ previous_weight }}) / 2 * coalesce({{ rate }} - {{ previous_rate }}, 0)
        + {{ weightless }} - {{ previous_weightless }}
    )
{%- endmacro %}
