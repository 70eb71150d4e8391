-- Whole days and weeks in which a KPI with a fair sample missed its target by more than chance: the one-sided test of the value against the
-- target, its q-value taken over all targets of the period. Where a KPI has no interval, the miss itself is told, without a q-value.
with scorecard as (
    select * from {{ ref('kpi_scorecard') }}
    where
        period_grain in ('day', 'week')
        and is_complete_period
        and not is_suppressed
        and target_status is not null
        and sample_size >= {{ smallest_sample() }}
),

scored as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        value,
        target_value,
        target_status,
        -- No spread at all is no reason to divide by it: such a value lies off its target for certain, or on it.
        case
            when interval_high > interval_low
                then (value - target_value) * 2 * {{ z_value() }} / (interval_high - interval_low)
            when interval_high = interval_low and value <> target_value then sign(value - target_value) * 30.0
        end as score
    from scorecard
),

tested as (
    select
        *,
        case when target_status = 'missed' then {{ normal_upper_tail('abs(score)') }} else 1.0 end as p_value,
        count(*) over (partition by period_grain, period_start) as tests_count
    from scored
    where score is not null
),

ranked as (
    select
        *,
        row_number() over (partition by period_grain, period_start order by p_value, kpi_key, dimension, {{ bytewise('member_id') }}) as place
    from tested
),

controlled as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        target_value,
        target_status,
        score,
        p_value,
        tests_count,
        {{ q_value_in_period() }} as q_value
    from ranked
),

missed as (
    select * from controlled
    where target_status = 'missed' and q_value <= {{ false_discovery_bound() }}
    union all
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        target_value,
        target_status,
        score,
        {{ as_double('null') }} as p_value,
        cast(null as {{ dbt.type_bigint() }}) as tests_count,
        {{ as_double('null') }} as q_value
    from scored
    where target_status = 'missed' and score is null
)

select * from missed
