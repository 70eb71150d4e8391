-- Whether a series has been climbing or sinking for weeks: its last weeks, the latest days weighing most, against the eight weeks before
-- them, both as differences from weekday means that are older than either. No single period needs to stand out.
with forecasts as (
    select * from {{ ref('int_alert_forecasts') }}
),

{%- for grain, span in forecast_windows().items() %}
{%- set third = span.climb // 3 %}

{{ grain }}_bases as (
    select
        *,
        case
            when count(*) over past >= 2
                then {{ from_millionths('sum(' ~ in_millionths('weight * clean_level') ~ ') over past') }} / nullif(sum(weight) over past, 0)
        end as base_mean
    from forecasts
    where period_grain = '{{ grain }}'
    window past as (partition by series_id, season order by week_number range between {{ span.base_first }} preceding and {{ span.base_last }} preceding)
),

{{ grain }}_differences as (
    select
        *,
        case when base_mean is not null then clean_level - base_mean end as rise,
        case when base_mean is not null then weight end as rise_weight,
        {{ in_millionths('weight * (clean_level - base_mean)') }} as rise_total
    from {{ grain }}_bases
),

{{ grain }}_sums as (
    select
        *,
        {{ span.climb }} as climb_periods,
        {{ span.base_noise }} as base_noise,
        -- What the series is like without the climb: as it was known before the climb began.
        {%- for name in ['level_variance', 'persistence', 'spread_count'] %}
        lag({{ name }}, {{ span.climb }}) over (partition by series_id order by period_number) as {{ name }}_before,
        {%- endfor %}
        {%- for name in ['climb', 'late', 'middle', 'before'] %}
        sum(rise_total) over {{ name }} as {{ name }}_total,
        sum(rise_weight) over {{ name }} as {{ name }}_weight,
        count(rise) over {{ name }} as {{ name }}_count,
        {%- endfor %}
        {%- for name in ['late', 'before'] %}
        sum({{ in_millionths('rise_weight * clean_level') }}) over {{ name }} as {{ name }}_level_total,
        {%- endfor %}
        sum(period_number * rise_total) over climb as climb_moment,
        sum(period_number * rise_weight) over climb as weight_moment,
        sum(period_number * period_number * rise_weight) over climb as weight_second_moment
    from {{ grain }}_differences
    window
        climb as (partition by series_id order by period_number range between {{ span.climb - 1 }} preceding and current row),
        late as (partition by series_id order by period_number range between {{ third - 1 }} preceding and current row),
        middle as (partition by series_id order by period_number range between {{ 2 * third - 1 }} preceding and {{ third }} preceding),
        before as (partition by series_id order by period_number range between {{ span.climb + span.before - 1 }} preceding and {{ span.climb }} preceding)
),
{%- endfor %}

sums as (
    {%- for grain in forecast_windows() %}
    select * from {{ grain }}_sums
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- A period weighs by its place in the climb, 1 to climb_periods; the sums over places follow from those over period numbers.
placed as (
    select
        *,
        {{ as_double('climb_periods - period_number') }} as shift
    from sums
),

weighed as (
    select
        *,
        shift * {{ from_millionths('climb_total') }} + {{ from_millionths('climb_moment') }} as weighed_total,
        shift * climb_weight + {{ as_double('weight_moment') }} as weighed_weight,
        shift * shift * climb_weight + 2 * shift * {{ as_double('weight_moment') }} + {{ as_double('weight_second_moment') }} as weighed_squares
    from placed
),

compared as (
    select
        *,
        {{ from_millionths('before_total') }} / nullif(before_weight, 0) as before_mean,
        {{ from_millionths('late_total') }} / nullif(late_weight, 0) as late_mean,
        {{ from_millionths('middle_total') }} / nullif(middle_weight, 0) as middle_mean,
        weighed_total / nullif(weighed_weight, 0) as climb_mean,
        {{ from_millionths('late_level_total') }} / nullif(late_weight, 0) - {{ from_millionths('before_level_total') }} / nullif(before_weight, 0) as level_change
    from weighed
),

climbs as (
    select
        series_id,
        period_grain,
        shape,
        period_start,
        period_number,
        sample_size,
        base_mean + before_mean as expected_level,
        spread_count_before as spread_count,
        climb_mean - before_mean as climb,
        -- Still under way: the last third not below the middle one, and today on its side of the middle.
        sign(climb_mean - before_mean) * (late_mean - middle_mean) >= 0
        and sign(climb_mean - before_mean) * (middle_mean - before_mean) > 0
        -- Weeks of climbing, and not an incident of the last one.
        and sign(climb_mean - before_mean) * (middle_mean - before_mean) >= 0.25 * sign(climb_mean - before_mean) * (late_mean - before_mean)
        and sign(climb_mean - before_mean) * (rise - before_mean - (climb_mean - before_mean) / 2) >= 0
        -- And seen by the eye: growth that slows down lies below its trend, but does not sink.
        and sign(climb_mean - before_mean) * level_change > 0 as is_under_way,
        level_variance_before * (
            weighed_squares / nullif(weighed_weight * weighed_weight, 0)
            + 1.0 / nullif(before_weight, 0)
            + base_noise * climb_count / nullif(climb_weight, 0)
        ) * (1 + persistence_before) / (1 - persistence_before) as climb_variance
    from compared
    where
        climb_count * 2 >= climb_periods
        and before_count * 2 >= climb_periods
        and rise is not null
        and level_variance_before is not null
)

select * from climbs
