with changes as (
    select * from {{ ref('int_alert_changes') }}
),

silences as (
    select * from {{ ref('int_alert_silences') }}
),

targets_missed as (
    select * from {{ ref('int_alert_targets_missed') }}
),

scorecard as (
    select * from {{ ref('kpi_scorecard') }}
    where period_grain in ('day', 'week')
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

members as (
    select
        dimension,
        member_id,
        max(member_name) as member_name
    from scorecard
    group by dimension, member_id
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
        sum(is_first) over (
            partition by kpi_key, period_grain, dimension, member_id, kind, is_worse
            order by period_start
            rows between unbounded preceding and current row
        ) as run_number
    from followed
),

described as (
    select
        grouped.*,
        min(grouped.period_start) over run as since_on,
        max(grouped.period_start) over run as last_start,
        definitions.kpi_name,
        definitions.unit,
        case when grouped.kind <> 'stale' then scorecard.value end as value,
        coalesce(scorecard.sample_size, 0) as sample_size,
        coalesce(members.member_name, grouped.member_id) as member_name,
        {{ add_days(period_end('grouped.period_grain', 'grouped.period_start'), '7') }} > as_of.as_of_date as is_recent
    from grouped
    cross join as_of
    inner join definitions on grouped.kpi_key = definitions.kpi_key
    left join members
        on
            grouped.dimension = members.dimension
            and grouped.member_id = members.member_id
    left join scorecard
        on
            grouped.kpi_key = scorecard.kpi_key
            and grouped.period_grain = scorecard.period_grain
            and grouped.period_start = scorecard.period_start
            and grouped.dimension = scorecard.dimension
            and grouped.member_id = scorecard.member_id
    window run as (partition by grouped.kpi_key, grouped.period_grain, grouped.dimension, grouped.member_id, grouped.kind, grouped.is_worse, grouped.run_number)
),

-- In large numbers a change can be certain and yet too small to matter.
sized as (
    select
        *,
        kind in ('spike', 'drop', 'creep') and coalesce(
            abs(value - expected_value) < {{ smallest_change() }} * case
                when unit = 'share' then least(expected_value, 1 - expected_value)
                else abs(expected_value)
            end,
            false
        ) as is_small
    from described
),

judged as (
    select
        *,
        case
            when is_small or coalesce(is_worse, false) is false then 'note'
            when kind = 'stale' then case dimension when 'all' then 'critical' else 'warning' end
            when kind in ('spike', 'drop') and abs(deviation_score) >= 6 then 'critical'
            else 'warning'
        end as severity
    from sized
),

alerts as (
    select
        {{ stable_key(['kpi_key', 'period_grain', 'period_start', 'dimension', 'member_id', 'kind']) }} as kpi_alert_id,
        *,
        -- Of an alert that goes on, its latest period is the open one.
        severity <> 'note' and is_recent and period_start = last_start as is_open,
        {{ alert_message() }} as message
    from judged
),

typed as (
    {{ select_as_contracted('kpi_alerts', 'alerts') | indent(4) }}
)

select * from typed
