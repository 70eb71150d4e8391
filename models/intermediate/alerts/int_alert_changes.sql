-- The changes that are more than chance, with what was expected in the KPI's unit. A finding that stands alone in its period must be eight times
-- as sure as one among eight: what is real mostly shows in more than one KPI or member, and what is chance mostly does not.
with tests as (
    select
        *,
        row_number() over (
            partition by series_id, period_start, case test when 'climb' then 1 else 0 end
            order by p_value, test
        ) as place_in_kind,
        count(*) over (partition by period_grain, period_start) as discoveries_count
    from {{ ref('int_alert_tests') }}
    where q_value <= {{ false_discovery_bound() }}
),

sure as (
    select * from tests
    where
        place_in_kind = 1
        and q_value <= {{ false_discovery_bound() }} * least(1.0, discoveries_count / 8.0)
),

series as (
    select * from {{ ref('int_alert_series') }}
),

points as (
    select * from {{ ref('int_alert_points') }}
),

placed as (
    select
        series.kpi_key,
        series.dimension,
        series.member_id,
        series.direction,
        series.shape,
        points.value,
        points.value_before,
        sure.*,
        -- Standard deviation of the level that was tested.
        case
            when sure.test = 'climb' then sqrt(sure.variance)
            when series.shape = 'share' then sqrt(sure.variance * greatest(0.0, sure.expected_level * (1 - sure.expected_level)) / points.sample_size)
            when series.shape = 'count' then sqrt(sure.variance / exp(sure.expected_level))
            when series.shape = 'step' then sqrt(sure.variance)
            else sqrt(sure.variance / points.sample_size)
        end as level_deviation
    from sure
    inner join series on sure.series_id = series.series_id
    inner join points
        on
            sure.series_id = points.series_id
            and sure.period_start = points.period_start
),

bounded as (
    select
        *,
        case when shape = 'share' then least(1.0, greatest(0.0, expected_level)) else expected_level end as middle,
        case when shape = 'share' then greatest(0.0, expected_level - {{ z_value() }} * level_deviation) else expected_level - {{ z_value() }} * level_deviation end as low,
        case when shape = 'share' then least(1.0, expected_level + {{ z_value() }} * level_deviation) else expected_level + {{ z_value() }} * level_deviation end as high
    from placed
),

changes as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        case
            when test = 'climb' then 'creep'
            when score > 0 then 'spike'
            else 'drop'
        end as kind,
        case
            when direction = 'neutral' then null
            else (direction = 'lower_is_better') = (score > 0)
        end as is_worse,
        {%- for bound, name in [('middle', 'expected_value'), ('low', 'expected_low'), ('high', 'expected_high')] %}
        case
            when shape = 'points' then 100 * {{ bound }}
            when shape in ('count', 'positive') then exp({{ bound }})
            when shape = 'step' then exp({{ bound }}) * (value_before + 1) - 1
            else {{ bound }}
        end as {{ name }},
        {%- endfor %}
        score as deviation_score,
        p_value,
        q_value,
        tests_count
    from bounded
)

select * from changes
