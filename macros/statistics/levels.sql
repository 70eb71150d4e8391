{#- What a level, on which a series is forecast (see int_alert_points), means in the unit of its KPI. -#}

{#- How many periods a creep is looked for in; `grain` is SQL of a period grain. -#}
{% macro climb_periods(grain) -%}
    case {{ grain }}{% for name, span in forecast_windows().items() %} when '{{ name }}' then {{ span.climb }}{% endfor %} end
{%- endmacro %}


{#- Standard deviation of the level that was tested; reads the relations told, series and points of int_alert_changes. -#}
{% macro level_deviation() -%}
    case
            when told.test = 'climb' then sqrt(told.variance)
            when series.shape = 'share' then sqrt(told.variance * greatest(0.0, told.expected_level * (1 - told.expected_level)) / points.sample_size)
            when series.shape = 'count' then sqrt(told.variance / exp(told.expected_level))
            when series.shape = 'step' then sqrt(told.variance)
            else sqrt(told.variance / points.sample_size)
        end
{%- endmacro %}


{#-
    A level (see int_alert_points) in the KPI's unit. The row must have shape, value_before and steps_count: a step is taken as often as that
    from the value before.
-#}
{% macro level_in_unit(level) -%}
    case
            when shape = 'points' then 100 * {{ level }}
            when shape in ('count', 'positive') then exp({{ level }})
            when shape = 'step' then exp(steps_count * {{ level }}) * (value_before + 1) - 1
            else {{ level }}
        end
{%- endmacro %}
