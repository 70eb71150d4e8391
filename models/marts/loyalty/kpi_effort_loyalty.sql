with outcomes as (
    select * from {{ ref('int_effort_outcomes') }}
),

totals as (
    select
        effort_band,
        outcome,
        count(*) as sample_size,
        sum(case when has_outcome then 1 else 0 end) as outcome_count
    from outcomes
    group by effort_band, outcome
),

high_effort as (
    select * from totals
    where effort_band = 'high_effort'
),

compared as (
    select
        totals.effort_band,
        totals.outcome,
        totals.sample_size,
        totals.outcome_count,
        -- High effort is what the others are compared with, not with itself.
        case when totals.effort_band <> 'high_effort' then high_effort.sample_size end as high_size,
        high_effort.outcome_count as high_count
    from totals
    left join high_effort on totals.outcome = high_effort.outcome
),

effort_loyalty as (
    select
        {{ stable_key(['effort_band', 'outcome']) }} as effort_loyalty_id,
        effort_band,
        outcome,
        sample_size,
        outcome_count,
        {{ as_double('outcome_count') }} / sample_size as rate,
        {{ wilson_bound('outcome_count', 'sample_size', 'low') }} as interval_low,
        {{ wilson_bound('outcome_count', 'sample_size', 'high') }} as interval_high,
        {{ as_double('outcome_count') }} / sample_size - {{ as_double('high_count') }} / high_size as difference_from_high_effort,
        case
            when high_size is not null then {{ newcombe_bound('outcome_count', 'sample_size', 'high_count', 'high_size', 'low') }}
        end as difference_low,
        case
            when high_size is not null then {{ newcombe_bound('outcome_count', 'sample_size', 'high_count', 'high_size', 'high') }}
        end as difference_high
    from compared
),

typed as (
    {{ select_as_contracted('kpi_effort_loyalty', 'effort_loyalty') | indent(4) }}
)

select * from typed
