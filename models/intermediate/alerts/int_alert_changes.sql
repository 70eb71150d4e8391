-- The changes that are more than chance, with what was expected in the KPI's unit. A finding of which neither the KPI nor the member shows
-- elsewhere in its period must be surer than one that does; KPIs of a member of which several are worse at once need not be sure one by one.
with series as (
    select * from {{ ref('int_alert_series') }}
),

discoveries as (
    select
        tests.*,
        series.kpi_key,
        series.dimension,
        series.member_id,
        row_number() over (
            partition by tests.series_id, tests.period_start, case tests.test when 'climb' then 1 else 0 end
            order by tests.p_value, tests.test
        ) as place_in_kind
    from {{ ref('int_alert_tests') }} as tests
    inner join series on tests.series_id = series.series_id
    where tests.q_value <= {{ false_discovery_bound() }}
),

incidents as (
    select * from {{ ref('int_alert_incidents') }}
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
    select
        series_id,
        period_start,
        test,
        expected_level,
        variance,
        score,
        p_value,
        q_value,
        tests_count
    from related
    where
        place_in_kind = 1
        and q_value <= {{ false_discovery_bound() }} * {{ lone_share('related_count') }}
),

-- What is sure by itself needs no second word.
told as (
    select * from sure
    union all
    select
        incidents.series_id,
        incidents.period_start,
        'jump' as test,
        incidents.expected_level,
        incidents.variance,
        incidents.score,
        incidents.p_value,
        incidents.q_value,
        incidents.tests_count
    from incidents
    left join sure
        on
            incidents.series_id = sure.series_id
            and incidents.period_start = sure.period_start
            and sure.test <> 'climb'
    where sure.series_id is null
),

points as (
    select * from {{ ref('int_alert_points') }}
),

placed as (
    select
        coalesce(before_climb.value, points.value_before) as value_before,
        case when before_climb.value is null then 1 else {{ climb_periods('series.period_grain') }} end as steps_count,
        series.kpi_key,
        series.period_grain,
        series.dimension,
        series.member_id,
        series.direction,
        series.shape,
        told.*,
        -- Standard deviation of the level that was tested.
        {{ level_deviation() }} as level_deviation
    from told
    inner join series on told.series_id = series.series_id
    inner join points
        on
            told.series_id = points.series_id
            and told.period_start = points.period_start
    -- What creeps in a backlog is its growth: it is told by where the growth of before would have led since the climb began.
    left join points as before_climb
        on
            case when told.test = 'climb' and series.shape = 'step' then told.series_id end = before_climb.series_id
            and points.period_number - {{ climb_periods('series.period_grain') }} = before_climb.period_number
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
        shape = 'step' as is_growth,
        {%- for bound, name in [('middle', 'expected_value'), ('low', 'expected_low'), ('high', 'expected_high')] %}
        {{ level_in_unit(bound) }} as {{ name }},
        {%- endfor %}
        score as deviation_score,
        p_value,
        q_value,
        tests_count
    from bounded
)

select * from changes
