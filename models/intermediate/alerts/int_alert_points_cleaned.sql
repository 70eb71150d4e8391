-- The series with earlier spikes drawn in, so that they do not hide or cause later ones: a value that lies far from the median of the same
-- weekday in the five weeks before is moved towards it. The first five weeks, in which nothing is judged yet, are held against their own median.
with points as (
    select * from {{ ref('int_alert_points') }}
    where level is not null
),

remembered as (
    select
        *,
        row_number() over same_weekday as nth,
        lag(level, 1) over same_weekday as back_1,
        lag(level, 2) over same_weekday as back_2,
        lag(level, 3) over same_weekday as back_3,
        lag(level, 4) over same_weekday as back_4,
        lag(level, 5) over same_weekday as back_5,
        lag(weight, 1, 0) over same_weekday + lag(weight, 2, 0) over same_weekday + lag(weight, 3, 0) over same_weekday as trials_seen,
        min(period_number) over (partition by series_id) as first_number
    from points
    window same_weekday as (partition by series_id, season order by period_number)
),

medians as (
    select
        *,
        case when nth > {{ season_least() }} then {{ median_of_five(['back_1', 'back_2', 'back_3', 'back_4', 'back_5']) }} end as median_before
    from remembered
),

anchored as (
    select
        *,
        coalesce(
            median_before,
            max(case when nth = {{ season_least() }} + 1 then median_before end) over (partition by series_id, season)
        ) as anchor
    from medians
),

missed as (
    select
        *,
        {{ miss_of('anchor', 'trials_seen') }} as first_miss
    from anchored
),

spread as (
    {%- for grain, span in forecast_windows().items() %}
    select
        *,
        -- The beginning is held against itself: no tested period lies in it.
        case
            when period_number < first_number + {{ span.early }}
                then sum(case when period_number < first_number + {{ span.early }} then {{ in_millionths('abs(first_miss)') }} end) over (partition by series_id)
            else sum({{ in_millionths('abs(first_miss)') }}) over {{ grain }}_past
        end as misses_total,
        case
            when period_number < first_number + {{ span.early }}
                then count(case when period_number < first_number + {{ span.early }} then first_miss end) over (partition by series_id)
            else count(first_miss) over {{ grain }}_past
        end as misses_count
    from missed
    where period_grain = '{{ grain }}'
    window {{ grain }}_past as (partition by series_id order by period_number range between {{ span.spread }} preceding and 1 preceding)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

bounded as (
    select
        *,
        -- The mean distance of a normal variable is 0.798 of its standard deviation.
        {{ drawn_in_beyond() }} * greatest(
            coalesce(1.2533 * {{ from_millionths('misses_total') }} / nullif(misses_count, 0), 0.0),
            sqrt(chance_variance)
        ) as farthest
    from spread
),

cleaned as (
    select
        series_id,
        period_grain,
        shape,
        period_start,
        week_number,
        period_number,
        season,
        is_mean,
        value,
        numerator,
        sample_size,
        level,
        weight,
        chance_variance,
        farthest,
        case
            when abs(first_miss) > farthest then anchor + (level - anchor) * farthest / abs(first_miss)
            else level
        end as clean_level
    from bounded
)

select * from cleaned
