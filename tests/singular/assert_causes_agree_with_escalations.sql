-- Protects the causes of escalation: a first escalation has a cause, a later one has none, and by every length of period the causes add up to
-- all first escalations.
with escalations as (
    select * from {{ ref('fct_escalations') }}
),

by_grain as (
    select
        period_grain,
        sum(escalations_count) as escalations_count
    from {{ ref('kpi_escalation_causes') }}
    group by period_grain
),

firsts as (
    select sum(case when is_first then 1 else 0 end) as escalations_count
    from escalations
),

failures as (
    select
        'a first escalation without a cause, or a later one with' as failure,
        escalation_id as what
    from escalations
    where is_first = (cause is null)
    union all
    select
        'the causes do not add up' as failure,
        by_grain.period_grain as what
    from by_grain
    cross join firsts
    where by_grain.escalations_count <> firsts.escalations_count
)

select * from failures
