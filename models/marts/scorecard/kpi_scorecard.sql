with kpi_values as (
    select * from {{ ref('int_scorecard_values') }}
),

-- Of the totals only those that say how many were still open.
open_measures as (
    select distinct open_measure
    from {{ ref('kpi_definitions') }}
    where open_measure is not null
),

totals as (
    select totals_of_all.*
    from {{ ref('int_kpi_totals') }} as totals_of_all
    inner join open_measures on totals_of_all.measure = open_measures.open_measure
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

targets as (
    select * from {{ ref('int_kpi_targets_ranked') }}
),

definitions as (
    select
        kpi_key,
        direction,
        statistic,
        open_measure
    from {{ ref('kpi_definitions') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

-- The row before in the series is the period before only if none lies between. Rows are narrow here, for they are all sorted.
followed as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        is_suppressed,
        kpi_value,
        numerator,
        denominator,
        sample_size,
        deviation,
        interval_low,
        interval_high,
        lag(period_start) over series = {{ previous_period('period_grain', 'period_start') }} as has_previous,
        lag(kpi_value) over series as last_value,
        lag(sample_size) over series as last_size,
        lag(numerator) over series as last_numerator,
        lag(deviation) over series as last_deviation
    from kpi_values
    window series as (
        partition by kpi_key, period_grain, dimension, member_id
        order by period_start
    )
),

compared as (
    select
        followed.*,
        definitions.direction,
        definitions.statistic,
        {{ scorecard_member_name('followed') }} as member_name,
        case when definitions.open_measure is not null then coalesce(totals.observations_count, 0) end as open_count,
        -- Whole once the local midnight at its end has come.
        {{ period_end('followed.period_grain', 'followed.period_start') }} <= as_of.as_of_date as is_complete_period,
        case when followed.has_previous and not followed.is_suppressed then followed.last_value end as previous_value,
        case when followed.has_previous then followed.last_size end as previous_size,
        case when followed.has_previous then followed.last_numerator end as previous_numerator,
        case when followed.has_previous then followed.last_deviation end as previous_deviation,
        case when not followed.is_suppressed then coalesce(own_targets.target_value, general_targets.target_value) end as target_value
    from followed
    inner join definitions on followed.kpi_key = definitions.kpi_key
    cross join as_of
    left join members
        on
            followed.dimension = members.dimension
            and followed.member_id = members.member_id
    left join totals
        on
            definitions.open_measure = totals.measure
            and followed.period_grain = totals.period_grain
            and followed.period_start = totals.period_start
            and followed.dimension = totals.dimension
            and followed.member_id = totals.member_id
    left join targets as own_targets
        on
            followed.kpi_key = own_targets.kpi_key
            and followed.dimension = own_targets.dimension
            and followed.member_id = own_targets.member_id
            and own_targets.valid_from <= followed.period_start
            and followed.period_start < own_targets.valid_to
    left join targets as general_targets
        on
            followed.kpi_key = general_targets.kpi_key
            and followed.dimension = general_targets.dimension
            and general_targets.member_id is null
            and general_targets.valid_from <= followed.period_start
            and followed.period_start < general_targets.valid_to
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
        sample_size < {{ smallest_sample() }} as is_small_sample,
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
