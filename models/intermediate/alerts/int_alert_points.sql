-- The past of every series, one row a whole day or week, with the value on the scale on which it is forecast (`level`): shares as they are,
-- points in hundredths, counts and durations as logarithms, because their weekdays and trends multiply, and the backlog as its step from the
-- period before, because it starts each day from where it stood. What has no place on its scale (no minutes at all) is there without a level.
with series as (
    select * from {{ ref('int_alert_series') }}
),

scorecard as (
    select * from {{ ref('kpi_scorecard') }}
    where
        is_complete_period
        and not is_suppressed
        and value is not null
),

holidays as (
    select * from {{ ref('int_alert_holidays') }}
),

numbered as (
    select
        series.series_id,
        series.period_grain,
        series.shape,
        series.interval_method,
        scorecard.period_start,
        scorecard.value,
        scorecard.numerator,
        scorecard.sample_size,
        scorecard.interval_low,
        scorecard.interval_high,
        holidays.holiday_on is not null as is_holiday,
        {{ week_number('scorecard.period_start') }} as week_number,
        case series.period_grain
            when 'day' then {{ day_number('scorecard.period_start') }}
            else {{ week_number('scorecard.period_start') }}
        end as period_number,
        -- Days are compared with the same day of the week, weeks with all weeks.
        case series.period_grain when 'day' then {{ iso_day_of_week('scorecard.period_start') }} else 0 end as season
    from scorecard
    inner join series
        on
            scorecard.kpi_key = series.kpi_key
            and scorecard.period_grain = series.period_grain
            and scorecard.dimension = series.dimension
            and scorecard.member_id = series.member_id
    left join holidays
        on
            case series.period_grain when 'day' then scorecard.period_start end = holidays.holiday_on
            and {{ closed_for('series.dimension', 'series.member_id') }} = holidays.closed_for
),

followed as (
    select
        *,
        lag(period_number) over past as number_before,
        lag(value) over past as value_before,
        sum(sample_size) over (
            partition by series_id order by period_number rows between 28 preceding and 1 preceding
        ) as usual_total,
        count(*) over (partition by series_id order by period_number rows between 28 preceding and 1 preceding) as usual_periods
    from numbered
    window past as (partition by series_id order by period_number)
),

points as (
    select
        series_id,
        period_grain,
        shape,
        period_start,
        week_number,
        period_number,
        season,
        value,
        case when shape = 'step' and number_before = period_number - 1 then value_before end as value_before,
        numerator,
        sample_size,
        -- What a source that stopped leaves behind.
        coalesce(20 * sample_size * usual_periods < usual_total, false) as is_hardly_any,
        case
            when is_holiday then null
            when shape = 'share' then value
            when shape = 'points' then value / 100
            when shape = 'count' and value >= 0 then ln(value + 0.5)
            when shape = 'positive' and value > 0 then ln(value)
            when shape = 'step' and number_before = period_number - 1 and value >= 0 and value_before >= 0
                then ln(value + 1) - ln(value_before + 1)
        end as level,
        -- One day with ten times the usual tickets must not become the whole past.
        cast(case
            when shape in ('count', 'step') then 1
            when usual_periods > 0 then greatest(1, least(sample_size, floor(2 * {{ as_double('usual_total') }} / usual_periods)))
            else greatest(1, sample_size)
        end as {{ dbt.type_bigint() }}) as weight,
        -- Variance that chance alone gives one observation, out of the published interval; 0 where there is none.
        case
            when shape in ('share', 'count') then 1.0
            when interval_low is null or interval_high is null then 0.0
            when shape = 'points' then sample_size * {{ half_reach_squared('(interval_high - interval_low) / 100') }}
            when shape <> 'positive' or value <= 0 then 0.0
            when interval_method = 'order_statistics' and interval_low > 0
                then {{ variance_of_median('ln(interval_high / interval_low)', 'sample_size') }}
            when interval_method = 'normal' then sample_size * {{ half_reach_squared('(interval_high - interval_low) / value') }}
            else 0.0
        end as chance_variance,
        interval_method = 'normal' as is_mean
    from followed
)

select * from points
