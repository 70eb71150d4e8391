-- All that is to be told, in one shape, with the run of periods that each is part of.
with changes as (
    select * from {{ ref('int_alert_changes') }}
),

silences as (
    select * from {{ ref('int_alert_silences') }}
),

targets_missed as (
    select * from {{ ref('int_alert_targets_missed') }}
),

findings as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        kind,
        is_worse,
        is_growth,
        expected_value,
        expected_low,
        expected_high,
        deviation_score,
        p_value,
        q_value,
        tests_count
    from changes
    union all
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        'stale' as kind,
        true as is_worse,
        false as is_growth,
        expected_trials as expected_value, {{ as_double('null') }} as expected_low, {{ as_double('null') }} as expected_high,
        {{ as_double('null') }} as deviation_score, p_value, q_value, tests_count
    from silences
    union all
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        'target_missed' as kind,
        true as is_worse,
        false as is_growth,
        target_value as expected_value, {{ as_double('null') }} as expected_low, {{ as_double('null') }} as expected_high,
        score as deviation_score,
        p_value,
        q_value,
        tests_count
    from targets_missed
),

-- An alert goes on where the same one was there in the period before (a weekend without data does not end it).
followed as (
    select
        *,
        case
            when {{ add_days('period_start', "case period_grain when 'day' then -4 else -7 end") }} <= lag(period_start) over past then 0
            else 1
        end as is_first
    from findings
    window past as (partition by kpi_key, period_grain, dimension, member_id, kind, is_worse order by period_start)
),

grouped as (
    select
        *,
        cast(sum(is_first) over (
            partition by kpi_key, period_grain, dimension, member_id, kind, is_worse
            order by period_start
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as run_number
    from followed
),

dated as (
    select
        *,
        min(period_start) over run as since_on,
        max(period_start) over run as last_start
    from grouped
    window run as (partition by kpi_key, period_grain, dimension, member_id, kind, is_worse, run_number)
)

select * from dated
