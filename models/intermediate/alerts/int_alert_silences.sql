-- Days and weeks with no or hardly any observation where the weeks before had some: a source that stopped. No holiday is one. A gap is told for four weeks.
with series as (
    select * from {{ ref('int_alert_series') }}
    -- An agent may be away.
    where dimension <> 'agent'
),

points as (
    select * from {{ ref('int_alert_points') }}
    where sample_size > 0 and not is_hardly_any
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

numbers as (
    {{ whole_numbers(2) | indent(4) }}
),

ends as (
    select
        series.period_grain,
        case
            when series.period_grain = 'day' then {{ day_number('as_of.as_of_date') }} - 1
            else {{ week_number('as_of.as_of_date') }} - 1
        end as last_number,
        count(*) as series_count
    from series
    cross join as_of
    group by series.period_grain, as_of.as_of_date
),

followed as (
    select
        points.series_id,
        points.period_grain,
        points.period_start,
        points.week_number,
        points.period_number,
        min(points.week_number) over (partition by points.series_id) as first_week,
        {{ closed_for('series.dimension', 'series.member_id') }} as closed_for,
        coalesce(
            lead(points.period_number) over (partition by points.series_id order by points.period_number) - 1,
            ends.last_number
        ) - points.period_number as missing_count,
        ends.series_count
    from points
    inner join series on points.series_id = series.series_id
    inner join ends on points.period_grain = ends.period_grain
),

missing as (
    select
        followed.series_id,
        followed.period_grain,
        followed.period_number as gap_number,
        followed.first_week,
        followed.closed_for,
        followed.series_count,
        case
            when followed.period_grain = 'day' then {{ add_days('followed.period_start', 'numbers.number') }}
            else {{ add_days('followed.period_start', '7 * numbers.number') }}
        end as period_start
    from followed
    inner join numbers on numbers.number <= followed.missing_count
    where
        followed.missing_count > 0
        and numbers.number between 1 and case followed.period_grain when 'day' then 28 else 4 end
),

dated as (
    select
        missing.*,
        {{ week_number('missing.period_start') }} as week_number,
        case missing.period_grain when 'day' then {{ iso_day_of_week('missing.period_start') }} else 0 end as season
    from missing
    left join {{ ref('int_alert_holidays') }} as holidays
        on
            case missing.period_grain when 'day' then missing.period_start end = holidays.holiday_on
            and missing.closed_for = holidays.closed_for
    where holidays.closed_for is null
),

-- What the same weekday had in the eight weeks before, weeks without any counted as none.
remembered as (
    select
        dated.series_id,
        dated.period_grain,
        dated.period_start,
        dated.gap_number,
        dated.series_count,
        least(8, dated.week_number - dated.first_week) as weeks_count,
        count(*) as present_count,
        {{ as_double('sum(points.sample_size)') }} as trials_total,
        {{ as_double('sum(' ~ as_wide_integer('points.sample_size') ~ ' * ' ~ as_wide_integer('points.sample_size') ~ ')') }} as squares_total
    from dated
    inner join points
        on
            dated.series_id = points.series_id
            and dated.season = points.season
            and points.week_number between dated.week_number - 8 and dated.week_number - 1
    group by dated.series_id, dated.period_grain, dated.period_start, dated.gap_number, dated.series_count, dated.week_number, dated.first_week
),

expecting as (
    select
        *,
        trials_total / weeks_count as expected_trials,
        greatest(1.0, (squares_total / weeks_count - trials_total / weeks_count * trials_total / weeks_count) / (trials_total / weeks_count)) as dispersion,
        row_number() over (partition by series_id, gap_number order by period_start) as nth_missing
    from remembered
    where
        weeks_count >= {{ season_least() }}
        and present_count >= weeks_count - 1
),

-- One public holiday is none; a week, or a second day on which there should have been something, is.
silences as (
    select
        series.kpi_key,
        series.dimension,
        series.member_id,
        expecting.period_grain,
        expecting.period_start,
        expecting.expected_trials,
        expecting.series_count as tests_count,
        -- Chance of at most a twentieth (Chernoff's bound).
        least(30.0, 0.8 * expecting.expected_trials / expecting.dispersion) as surprise
    from expecting
    inner join series on expecting.series_id = series.series_id
    cross join as_of
    where
        (expecting.period_grain = 'week' or expecting.nth_missing >= 2)
        -- First contact resolution is known only after its window.
        and not (
            series.kpi_key in ('fcr_rate', 'fcr_net_rate')
            and {{ period_end('expecting.period_grain', 'expecting.period_start') }} > {{ add_days('as_of.as_of_date', '-1 - ' ~ setting_in_days('fcr_window_days')) }}
        )
),

valued as (
    select
        *,
        exp(-surprise) as p_value,
        least(1.0, exp(-surprise) * tests_count) as q_value,
        max(case when dimension = 'all' then 1 else 0 end) over (partition by kpi_key, period_grain, period_start) as is_all_silent
    from silences
),

-- Where nobody has any, it is told once.
told as (
    select * from valued
    where
        q_value <= {{ false_discovery_bound() }}
        and (dimension = 'all' or is_all_silent = 0)
)

select * from told
