with findings as (
    select * from {{ ref('int_alert_findings') }}
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

described as (
    select
        findings.*,
        definitions.kpi_name,
        definitions.unit,
        case when findings.kind <> 'stale' then scorecard.value end as value,
        coalesce(scorecard.sample_size, 0) as sample_size,
        coalesce(members.member_name, findings.member_id) as member_name,
        {{ add_days(period_end('findings.period_grain', 'findings.period_start'), '7') }} > as_of.as_of_date as is_recent
    from findings
    cross join as_of
    inner join definitions on findings.kpi_key = definitions.kpi_key
    left join members
        on
            findings.dimension = members.dimension
            and findings.member_id = members.member_id
    left join scorecard
        on
            findings.kpi_key = scorecard.kpi_key
            and findings.period_grain = scorecard.period_grain
            and findings.period_start = scorecard.period_start
            and findings.dimension = scorecard.dimension
            and findings.member_id = scorecard.member_id
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
