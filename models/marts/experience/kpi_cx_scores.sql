with parts as (
    select * from {{ ref('int_cx_parts') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

scored as (
    select
        {{ stable_key(['parts.period_grain', 'parts.period_start', 'parts.dimension', 'parts.member_id']) }} as cx_score_id,
        parts.period_grain,
        parts.period_start,
        parts.dimension,
        parts.member_id,
        {{ scorecard_member_name('parts') }} as member_name,
        parts.csat_score,
        parts.mean_ease,
        parts.nps,
        parts.csat_answers_count,
        parts.ces_answers_count,
        parts.nps_answers_count,
        parts.csat_points,
        parts.ease_points,
        parts.nps_points,
        parts.cx_score
    from parts
    left join members
        on
            parts.dimension = members.dimension
            and parts.member_id = members.member_id
),

typed as (
    {{ select_as_contracted('kpi_cx_scores', 'scored') | indent(4) }}
)

select * from typed
