-- How far each period lies from its forecast in standard deviations, by itself and together with the days before it.
with forecasts as (
    select * from {{ ref('int_alert_forecasts') }}
),

-- Chance within the period, and what periods differ by beyond it, which grows with the number of observations. A mean that one extreme
-- observation makes is widened by its own spread.
widened as (
    select
        *,
        usual_chance_variance
        + greatest(0.0, miss_variance - usual_chance_variance) * case shape when 'step' then 1.0 else greatest(1.0, size_ratio) end
        + case when is_mean then greatest(0.0, chance_variance - usual_chance_variance) else 0.0 end as variance
    from forecasts
    where
        expected_level is not null
        and {{ least_spread_count() }}
),

scored as (
    select
        *,
        case when variance > 0 then {{ student_as_normal('miss / sqrt(variance)', '(spread_count - 1)') }} end as score
    from widened
),

-- A miss that holds for two or three days in a row says more than one day; what an earlier day adds is bounded, so that a spike does not
-- sound again on the day after it.
followed as (
    select
        *,
        {%- for back in range(1, runs_of_days() | max) %}
        case
            when lag(period_number, {{ back }}) over past >= period_number - {{ back + 2 }}
                then greatest(-3.5, least(3.5, lag(score, {{ back }}) over past))
        end as score_{{ back }},
        {%- endfor %}
        sqrt((1 + persistence) / (1 - persistence)) * 1.03 as run_width
    from scored
    window past as (partition by series_id order by period_number)
),

-- The strongest run of several days that ends today, if today is on its side.
runs as (
    select
        *,
        case
            when period_grain = 'day' and abs(score) >= {{ run_least_score() }}
                then sign(score) * greatest(
                    0.0
                    {%- for days in runs_of_days() %},
                    coalesce(sign(score) * (score{% for back in range(1, days) %} + score_{{ back }}{% endfor %}) / sqrt({{ days }}.0) / run_width, 0.0)
                    {%- endfor %}
                )
            else 0.0
        end as run_score
    from followed
),

scores as (
    select
        series_id,
        period_grain,
        period_start,
        period_number,
        sample_size,
        expected_level,
        variance,
        score,
        run_score
    from runs
    where score is not null
)

select * from scores
