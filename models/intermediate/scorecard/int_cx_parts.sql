-- The three parts of the customer experience score, by period and dimension member, where at least one of them has answers.
with totals as (
    select * from {{ ref('int_kpi_totals') }}
    where measure in ('csat_score', 'ces_mean', 'nps')
),

parts as (
    select
        period_grain,
        period_start,
        dimension,
        member_id,
        max(case when measure = 'csat_score' then {{ as_double('total') }} / observations_count end) as csat_score,
        max(case when measure = 'ces_mean' then {{ as_double('total') }} / observations_count / {{ score_parts() }} end) as mean_ease,
        max(case when measure = 'nps' then 100 * {{ as_double('total') }} / observations_count end) as nps,
        coalesce(max(case when measure = 'csat_score' then observations_count end), 0) as csat_answers_count,
        coalesce(max(case when measure = 'ces_mean' then observations_count end), 0) as ces_answers_count,
        coalesce(max(case when measure = 'nps' then observations_count end), 0) as nps_answers_count
    from totals
    group by period_grain, period_start, dimension, member_id
),

scored as (
    {%- set weights = cx_weights() %}
    select
        parts.*,
        100 * {{ weights[0] }} * parts.csat_score as csat_points,
        100 * {{ weights[1] }} * parts.mean_ease as ease_points,
        100 * {{ weights[2] }} * (parts.nps + 100) / 200 as nps_points,
        100 * ({{ weights[0] }} * parts.csat_score + {{ weights[1] }} * parts.mean_ease + {{ weights[2] }} * (parts.nps + 100) / 200) as cx_score
    from parts
)

select * from scored
