-- Protects the scorecard against losing or doubling observations on its way: what it says for the whole operation by year must add
-- up to the facts, each counted by a route of its own.
with scorecard as (
    select
        kpi_key,
        sum(numerator) as numerator,
        sum(sample_size) as sample_size
    from {{ ref('kpi_scorecard') }}
    where
        dimension = 'all'
        and period_grain = 'year'
    group by kpi_key
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

answers as (
    select * from {{ ref('fct_survey_responses') }}
    where
        is_answered
        and not is_superseded
),

facts as (
    select
        'tickets_created' as kpi_key,
        count(*) as numerator,
        count(*) as sample_size
    from tickets
    union all
    select
        'tickets_resolved' as kpi_key,
        count(resolved_at) as numerator,
        count(resolved_at) as sample_size
    from tickets
    union all
    select
        'escalation_rate' as kpi_key,
        sum(case when is_escalated then 1 else 0 end) as numerator,
        count(*) as sample_size
    from tickets
    union all
    select
        'reopen_rate' as kpi_key,
        sum(case when reopen_count > 0 then 1 else 0 end) as numerator,
        count(*) as sample_size
    from tickets
    where first_resolved_at is not null
    union all
    select
        'fcr_rate' as kpi_key,
        sum(case when is_first_contact_resolution then 1 else 0 end) as numerator,
        count(*) as sample_size
    from tickets
    where is_fcr_eligible
    union all
    select
        'first_response_minutes_mean' as kpi_key,
        sum(first_response_seconds) / 60.0 as numerator,
        count(first_response_seconds) as sample_size
    from tickets
    union all
    select
        'interactions_per_ticket' as kpi_key,
        sum(public_interaction_count) as numerator,
        count(*) as sample_size
    from tickets
    where is_resolved
    union all
    select
        'csat_score' as kpi_key,
        sum(case when is_top_box then 1 else 0 end) as numerator,
        count(*) as sample_size
    from answers
    where survey_type = 'csat'
    union all
    select
        'nps' as kpi_key,
        sum(case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end) as numerator,
        count(*) as sample_size
    from answers
    where survey_type = 'nps'
)

select
    facts.kpi_key,
    facts.numerator as fact_numerator,
    scorecard.numerator as scorecard_numerator,
    facts.sample_size as fact_sample_size,
    scorecard.sample_size as scorecard_sample_size
from facts
left join scorecard on facts.kpi_key = scorecard.kpi_key
where
    facts.sample_size > 0
    and (
        scorecard.kpi_key is null
        or facts.sample_size <> scorecard.sample_size
        or abs(facts.numerator - scorecard.numerator) > 0.000001 * (1 + abs(facts.numerator))
    )
