-- What each series' own past predicts for each of its periods, and how far the period lies from it. The mean of the same weekday over a
-- quarter of a year, moved by how far the last weeks lay from theirs: a steady trend is followed, and the tested period is in neither.
with points as (
    select * from {{ ref('int_alert_points_cleaned') }}
),

means as (
    select
        *,
        {{ from_millionths('sum(' ~ in_millionths('weight * clean_level') ~ ') over past') }} / nullif(sum(weight) over past, 0) as season_mean,
        sum(weight) over past as trials_seen,
        count(*) over past as season_count
    from points
    window past as (partition by series_id, season order by week_number range between {{ season_weeks() }} preceding and 1 preceding)
),

differences as (
    select
        *,
        case when season_count >= {{ season_least() }} then clean_level - season_mean end as difference,
        case when season_count >= {{ season_least() }} then weight end as difference_weight
    from means
),

levels as (
    {%- for grain, span in forecast_windows().items() %}
    select
        *,
        sum({{ in_millionths('difference_weight * difference') }}) over {{ grain }}_past as shift_total,
        sum(difference_weight) over {{ grain }}_past as shift_weight,
        count(difference) over {{ grain }}_past as shift_count
    from differences
    where period_grain = '{{ grain }}'
    window {{ grain }}_past as (partition by series_id order by period_number range between {{ span.gap + span.level }} preceding and {{ span.gap + 1 }} preceding)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

forecasts as (
    select
        *,
        case
            when season_count >= {{ season_least() }}
                -- Of fewer than five periods the shift is not yet believed in full.
                then season_mean + coalesce({{ from_millionths('shift_total') }} / nullif(shift_weight, 0) * least(1.0, shift_count / 5.0), 0.0)
        end as expected_level
    from levels
),

missed as (
    select
        *,
        case when expected_level is not null then {{ miss_of('expected_level', 'trials_seen') }} end as miss,
        case when expected_level is not null then clean_level - expected_level end as clean_difference
    from forecasts
),

learned as (
    select
        *,
        case when abs(miss) > farthest then sign(miss) * farthest else miss end as clean_miss
    from missed
),

following as (
    select
        *,
        clean_miss * lag(clean_miss) over (partition by series_id order by period_number) as miss_product
    from learned
),

spread as (
    {%- for grain, span in forecast_windows().items() %}
    select
        *,
        count(clean_miss) over {{ grain }}_past as spread_count,
        {{ from_millionths('sum(' ~ in_millionths('clean_miss * clean_miss') ~ ') over ' ~ grain ~ '_past') }} as squares_total,
        {{ from_millionths('sum(' ~ in_millionths('miss_product') ~ ') over ' ~ grain ~ '_past') }} as products_total,
        {{ from_millionths('sum(' ~ in_millionths('case when clean_miss is not null then chance_variance end') ~ ') over ' ~ grain ~ '_past') }} as chance_total,
        {{ as_double('sum(case when clean_miss is not null then sample_size end) over ' ~ grain ~ '_past') }} as trials_total,
        {{ from_millionths('sum(' ~ in_millionths('1000 * weight * clean_difference * clean_difference') ~ ') over ' ~ grain ~ '_past') }} / 1000 as level_squares_total
    from following
    where period_grain = '{{ grain }}'
    window {{ grain }}_past as (partition by series_id order by period_number range between {{ span.gap + span.spread }} preceding and {{ span.gap + 1 }} preceding)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

judged as (
    select
        series_id,
        period_grain,
        shape,
        period_start,
        week_number,
        period_number,
        season,
        is_mean,
        sample_size,
        weight,
        clean_level,
        expected_level,
        miss,
        spread_count,
        -- A hundredth is drawn in of a normal variable at two and a half deviations: given back here.
        squares_total / 0.978 / nullif(spread_count, 0) as miss_variance,
        chance_variance,
        chance_total / nullif(spread_count, 0) as usual_chance_variance,
        case shape when 'count' then exp(expected_level) / nullif(trials_total / nullif(spread_count, 0), 0) else sample_size / nullif(trials_total / nullif(spread_count, 0), 0) end as size_ratio,
        level_squares_total / 0.978 / nullif(spread_count, 0) as level_variance,
        -- How much of a miss lives on in the next period, less what chance makes of none.
        least(0.8, greatest(0.0, products_total / nullif(squares_total, 0) - 1 / sqrt({{ as_double('nullif(spread_count, 0)') }}))) as persistence
    from spread
)

select * from judged
