{#- Several days in a row, and how the error of a series is shared out between its tests. -#}

{#- How many days in a row are looked at together, besides each day by itself. -#}
{% macro runs_of_days() -%}
    {{ return([2, 3, 4, 5]) }}
{%- endmacro %}


{#- A day belongs to a run of days if it lies off by itself by so many standard deviations. -#}
{% macro run_sure_score() -%}2.0{%- endmacro %}


{#- It also does by so many, where the run with it is stronger than the one without it. -#}
{% macro run_least_score() -%}1.0{%- endmacro %}


{#- Standard deviations beyond which an earlier day adds no more to a run. -#}
{% macro run_farthest_score() -%}3.5{%- endmacro %}


{#-
    How much wider than the root of their number the sum of the scores of several days is: the level that all of them are held against is
    itself a mean of days, and what it misses they share.

    Args:
        days: length of the run.
    Returns: a number; its formula is the variance of a sum of equally correlated variables.
-#}
{% macro run_width(days) -%}
    {%- set level = 1.0 / forecast_windows().day.level -%}
    {%- set shared = level / (1 + level + 1.0 / (season_weeks() | float)) -%}
    {{ return(((days * (1 + (days - 1) * shared)) ** 0.5) | round(6)) }}
{%- endmacro %}


{#-
    The strongest run of days on the side of today's score; the days are score, and score_1, score_2 and so on backwards, bounded.

    Args:
        first: 0 for runs that end today, 1 for those that end the day before (score_before is its whole score).
    Returns: SQL of a double, 0 where there is no run.
-#}
{% macro strongest_run(first) -%}
    greatest(
            0.0
            {%- for days in runs_of_days() %}
            {%- if days + first <= runs_of_days() | max + 1 %},
            coalesce(sign(score) * ({{ 'score_before' if first else 'score' }}
                {%- for back in range(first + 1, first + days) %} + score_{{ back }}{% endfor %}
            ) / {{ run_width(days) }} / persistence_width, 0.0)
            {%- endif %}
            {%- endfor %}
        )
{%- endmacro %}


{#-
    How often the strongest run passes a bound, against one normal variable: of runs of two to five days that end by the rules above, the
    strongest passes 3 to 4.25 some two and a half times as often (2.2 to 2.8 where nothing but chance is forecast, benchmarks/runs.py).
-#}
{% macro run_looks() -%}2.5{%- endmacro %}


{#-
    How the error that may be made on one series and period is shared out between its tests, by grain: one period by itself, runs of days,
    and the climb of weeks. Runs are one test of `run_looks` looks.

    Returns: a dict by grain of what the p-value of each test is divided by.
-#}
{% macro error_shares() -%}
    {{ return({
        'day': {'jump': 0.3, 'run': 0.45 / (run_looks() | float), 'climb': 0.25},
        'week': {'jump': 0.65, 'climb': 0.35},
    }) }}
{%- endmacro %}
