{#-
    Reading the business calendar: open seconds up to an instant are one join and one addition, and a duration is the
    difference of two.
-#}

{#-
    The condition of the join from an instant to the one row of the calendar that holds it.

    Args:
        calendar: alias of int_business_calendar.
        schedule_id: SQL of a schedule's id.
        instant: SQL of a UTC timestamp.
-#}
{% macro holds_instant(calendar, schedule_id, instant) -%}
    {{ schedule_id }} = {{ calendar }}.schedule_id
            and cast({{ instant }} as date) = {{ calendar }}.date_day
            and {{ calendar }}.starts_at <= {{ instant }}
            and {{ instant }} < {{ calendar }}.ends_at
{%- endmacro %}


{#- Seconds that the schedule was open from the beginning of the calendar up to an instant (see holds_instant). -#}
{% macro open_seconds_until(calendar, instant) -%}
    ({{ calendar }}.open_seconds_before + {{ seconds_between(calendar ~ '.starts_at', 'least(' ~ instant ~ ', ' ~ calendar ~ '.closes_at)') }})
{%- endmacro %}


{#-
    Open seconds are counted in drawers of this many, so that the instant at which a number of them is reached is found by an
    equality join: a day of the calendar lies in four drawers at most.
-#}
{% macro open_seconds_drawer(open_second) -%}
    {{ whole_division(open_second, 28800) }}
{%- endmacro %}
