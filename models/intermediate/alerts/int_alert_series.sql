-- The series that could ever be judged: a KPI and member by day or by week. Members that never had a fair sample in one period, or hardly ever
-- half of one, are left out before anything is computed.
with scorecard as (
    select * from {{ ref('kpi_scorecard') }}
    where
        period_grain in ('day', 'week')
        and is_complete_period
        and not is_suppressed
        and value is not null
        -- What is not known is nobody's, and where nothing is known it says the same as all.
        and member_id <> 'unknown'
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

measured as (
    select
        kpi_key,
        period_grain,
        dimension,
        member_id,
        count(*) as periods_count
    from scorecard
    group by kpi_key, period_grain, dimension, member_id
    having
        max(sample_size) >= {{ smallest_sample() }}
        and 2 * sum(sample_size) >= {{ smallest_sample() }} * count(*)
        and count(*) >= 14
),

series as (
    select
        row_number() over (
            order by measured.kpi_key, measured.period_grain, measured.dimension, {{ bytewise('measured.member_id') }}
        ) as series_id,
        measured.kpi_key,
        measured.period_grain,
        measured.dimension,
        measured.member_id,
        measured.periods_count,
        definitions.direction,
        definitions.interval_method,
        -- How its values are distributed: see int_alert_points.
        case
            when definitions.kpi_key = 'backlog_open' then 'step'
            when definitions.interval_method = 'wilson' then 'share'
            when definitions.unit = 'count' then 'count'
            when definitions.unit in ('minutes', 'ratio', 'money') then 'positive'
            else 'points'
        end as shape
    from measured
    inner join definitions on measured.kpi_key = definitions.kpi_key
)

select * from series
