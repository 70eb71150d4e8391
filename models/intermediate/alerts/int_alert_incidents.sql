-- The KPIs that are worse in a member of which several are: each by its period alone, among those of the member, if there are at least two that
-- are not made of the same values.
with members as (
    select * from {{ ref('int_alert_members') }}
),

scores as (
    select * from {{ ref('int_alert_scores') }}
    where sample_size >= {{ smallest_sample() }}
),

series as (
    select * from {{ ref('int_alert_series') }}
),

tests as (
    select
        scores.series_id,
        scores.period_grain,
        scores.period_start,
        series.dimension,
        series.member_id,
        {{ kpi_family('series.kpi_key') }} as kpi_family,
        scores.expected_level,
        scores.variance,
        scores.score,
        members.kpis_count,
        members.q_value as member_q_value,
        {{ normal_upper_tail("abs(scores.score)") }} as p_value
    from members
    inner join series
        on
            members.dimension = series.dimension
            and members.member_id = series.member_id
            and members.period_grain = series.period_grain
    inner join scores
        on
            series.series_id = scores.series_id
            and members.period_start = scores.period_start
    where
        (series.direction = 'lower_is_better' and scores.score > 0)
        or (series.direction = 'higher_is_better' and scores.score < 0 and series.kpi_key not in ({{ quoted_list(kpis_that_ripen()) }}))
),

ranked as (
    select
        *,
        row_number() over (partition by period_grain, period_start, dimension, member_id order by p_value, series_id) as place
    from tests
),

controlled as (
    select
        *,
        min(least(1.0, p_value * kpis_count / place)) over (
            partition by period_grain, period_start, dimension, member_id
            order by place desc
            rows between unbounded preceding and current row
        ) as q_value_within
    from ranked
),

found as (
    select
        *,
        case when row_number() over (partition by period_grain, period_start, dimension, member_id, kpi_family order by place) = 1 then 1 else 0 end as is_first_of_family
    from controlled
    where q_value_within <= {{ joint_bound_within() }}
),

counted as (
    select
        *,
        sum(is_first_of_family) over (partition by period_grain, period_start, dimension, member_id) as families_count
    from found
),

incidents as (
    select
        series_id,
        period_grain,
        period_start,
        expected_level,
        variance,
        score,
        p_value,
        greatest(member_q_value, q_value_within) as q_value,
        kpis_count as tests_count
    from counted
    where families_count >= 2
)

select * from incidents
