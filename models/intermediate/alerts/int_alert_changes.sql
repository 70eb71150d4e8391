-- The changes that are more than chance, with what was expected in the KPI's unit. A finding of which neither the KPI nor the member shows
-- elsewhere in its period must be surer than one that does.
with series as (
    select * from {{ ref('int_alert_series') }}
),

discoveries as (
    select
        tests.*,
        series.kpi_key,
        series.dimension,
        series.member_id,
        series.direction,
        series.shape,
        row_number() over (
            partition by tests.series_id, tests.period_start, case tests.test when 'climb' then 1 else 0 end
            order by tests.p_value, tests.test
        ) as place_in_kind
    from {{ ref('int_alert_tests') }} as tests
    inner join series on tests.series_id = series.series_id
    where tests.q_value <= {{ false_discovery_bound() }}
),

-- A median and a mean of the same minutes are one sign, not two.
signs as (
    select
        *,
        case
            when row_number() over (
                partition by period_grain, period_start, dimension, member_id, {{ kpi_family('kpi_key') }}
                order by p_value, kpi_key, test
            ) = 1 then 1
            else 0
        end as is_first_of_family
    from discoveries
),

related as (
    select
        *,
        sum(is_first_of_series) over (partition by period_grain, period_start, kpi_key, dimension)
        + sum(is_first_of_family) over (partition by period_grain, period_start, dimension, member_id)
        - 1 as related_count
    from signs
),

sure as (
    select * from related
    where
        place_in_kind = 1
        and q_value <= {{ false_discovery_bound() }} * {{ lone_share('related_count') }}
),

points as (
    select * from {{ ref('int_alert_points') }}
),

placed as (
    select
        points.value,
        points.value_before,
        sure.*,
        -- Standard deviation of the level that was tested.
        case
            when sure.test = 'climb' then sqrt(sure.variance)
            when sure.shape = 'share' then sqrt(sure.variance * greatest(0.0, sure.expected_level * (1 - sure.expected_level)) / points.sample_size)
            when sure.shape = 'count' then sqrt(sure.variance / exp(sure.expected_level))
            when sure.shape = 'step' then sqrt(sure.variance)
            else sqrt(sure.variance / points.sample_size)
        end as level_deviation
    from sure
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
