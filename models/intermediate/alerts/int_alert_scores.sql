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

-- A miss that holds for several days in a row says more than one day; what an earlier day adds is bounded, so that a spike does not
-- sound again on the day after it.
followed as (
    select
        *,
        {%- for back in range(1, runs_of_days() | max + 1) %}
        case
            when lag(period_number, {{ back }}) over past >= period_number - {{ back + 2 }} and lag(score, {{ back }}) over past is not null
                then greatest(-{{ run_farthest_score() }}, least({{ run_farthest_score() }}, lag(score, {{ back }}) over past))
        end as score_{{ back }},
        {%- endfor %}
        case when lag(period_number) over past >= period_number - 3 then lag(score) over past end as score_before,
        sqrt((1 + persistence) / (1 - persistence)) as persistence_width
    from scored
    window past as (partition by series_id order by period_number)
),

-- The strongest run of several days on the side of today, ending today and ending the day before.
run_scores as (
    select
        *,
        {{ strongest_run(0) }} as run_today,
        {{ strongest_run(1) }} as run_before
    from followed
    where score is not null
),

-- A run ends today if today is off by itself, or at least adds to what the days before had shown: the day after an incident is none of it.
runs as (
    select
        *,
        case
            when period_grain <> 'day' then 0.0
            when abs(score) >= {{ run_sure_score() }} then sign(score) * run_today
            when abs(score) >= {{ run_least_score() }} and run_today > greatest(run_before, coalesce(sign(score) * score_before, 0.0)) then sign(score) * run_today
            else 0.0
        end as run_score
    from run_scores
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
)

select * from scores
