with kpi_values as (
    select * from {{ ref('int_scorecard_values') }}
),

totals as (
    select * from {{ ref('int_kpi_totals') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

targets as (
    select * from {{ ref('int_kpi_targets_ranked') }}
),

directions as (
    select
        kpi_key,
        direction
    from {{ ref('kpi_definitions') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

described as (
    select
        kpi_values.*,
        case kpi_values.dimension
            when 'all' then 'All'
            else coalesce(members.member_name, case when kpi_values.member_id = 'unknown' then 'Unknown' else kpi_values.member_id end)
        end as member_name,
        case when kpi_values.open_measure is not null then coalesce(totals.observations_count, 0) end as open_count,
        -- Whole once the local midnight at its end has come.
        {{ period_end('kpi_values.period_grain', 'kpi_values.period_start') }} <= as_of.as_of_date as is_complete_period,
        {{ previous_period('kpi_values.period_grain', 'kpi_values.period_start') }} as previous_start
    from kpi_values
    cross join as_of
    left join members
        on
            kpi_values.dimension = members.dimension
            and kpi_values.member_id = members.member_id
    left join totals
        on
            kpi_values.open_measure = totals.measure
            and kpi_values.period_grain = totals.period_grain
            and kpi_values.period_start = totals.period_start
            and kpi_values.dimension = totals.dimension
            and kpi_values.member_id = totals.member_id
),

compared as (
    select
        described.*,
        previous.kpi_value as previous_value,
        previous.sample_size as previous_size,
        previous.numerator as previous_numerator,
        previous.deviation as previous_deviation,
        case when not described.is_suppressed then coalesce(own_targets.target_value, general_targets.target_value) end as target_value,
        directions.direction
    from described
    inner join directions on described.kpi_key = directions.kpi_key
    left join targets as own_targets
        on
            described.kpi_key = own_targets.kpi_key
            and described.dimension = own_targets.dimension
            and described.member_id = own_targets.member_id
            and own_targets.valid_from <= described.period_start
            and described.period_start < own_targets.valid_to
    left join targets as general_targets
        on
            described.kpi_key = general_targets.kpi_key
            and described.dimension = general_targets.dimension
            and general_targets.member_id is null
            and general_targets.valid_from <= described.period_start
            and described.period_start < general_targets.valid_to
    left join kpi_values as previous
        on
            described.kpi_key = previous.kpi_key
            and described.period_grain = previous.period_grain
            and described.previous_start = previous.period_start
            and described.dimension = previous.dimension
            and described.member_id = previous.member_id
),

scored as (
    select
        {{ stable_key(['kpi_key', 'period_grain', 'period_start', 'dimension', 'member_id']) }} as kpi_scorecard_id,
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        member_name,
        kpi_value as value,
        numerator,
        denominator,
        sample_size,
        interval_low,
        interval_high,
        sample_size < 30 as is_small_sample,
        is_suppressed,
        is_complete_period,
        open_count,
        previous_value,
        kpi_value - previous_value as change,
        case
            when statistic = 'share'
                then {{ shares_differ('numerator', 'sample_size', 'previous_numerator', 'previous_size') }}
            when statistic in ('mean', 'ratio', 'nps')
                then {{ means_differ('kpi_value', 'deviation', 'sample_size', 'previous_value', 'previous_deviation', 'previous_size') }}
        end as is_significant_change,
        target_value,
        case
            when target_value is null or kpi_value is null then null
            when direction = 'higher_is_better' then case when kpi_value >= target_value then 'met' else 'missed' end
            when direction = 'lower_is_better' then case when kpi_value <= target_value then 'met' else 'missed' end
        end as target_status
    from compared
),

typed as (
    {{ select_as_contracted('kpi_scorecard', 'scored') | indent(4) }}
)

select * from typed
