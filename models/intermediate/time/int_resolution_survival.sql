-- One row a month of creation and team at creation (and one for all teams): the Kaplan-Meier estimate of the time to resolution. A
-- ticket that is open at as_of has lasted at least until then. A quantile is the first time at which the curve, the product of
-- 1 - resolved / still open over the times before, has come down to it; null where it never does.
-- Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, 1958.
with terms as (
    select * from {{ ref('int_ticket_terms') }}
),

facts as (
    select
        ticket_id,
        resolved_at
    from {{ ref('int_ticket_facts') }}
),

teams as (
    select team_id
    from {{ ref('int_teams_gated') }}
    where verdict = 'accepted'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

lifetimes as (
    select
        {{ period_start('month', reporting_date('terms.created_at')) }} as period_start,
        -- A team that the input does not know is as good as none.
        teams.team_id,
        {{ seconds_between('terms.created_at', 'coalesce(facts.resolved_at, as_of.as_of)') }} as lasted_seconds,
        case when facts.resolved_at is null then 0 else 1 end as is_resolved
    from terms
    inner join facts on terms.ticket_id = facts.ticket_id
    left join teams on terms.team_id = teams.team_id
    cross join as_of
),

members as (
    select
        period_start,
        'all' as dimension,
        'all' as member_id,
        lasted_seconds,
        is_resolved
    from lifetimes
    union all
    select
        period_start,
        'team' as dimension,
        coalesce(team_id, 'unknown') as member_id,
        lasted_seconds,
        is_resolved
    from lifetimes
),

times as (
    select
        period_start,
        dimension,
        member_id,
        lasted_seconds,
        sum(is_resolved) as resolved_count,
        count(*) as tickets_count
    from members
    group by period_start, dimension, member_id, lasted_seconds
),

-- At risk is who has lasted at least so long; a ticket that leaves open at the very time is still at risk.
at_risk as (
    select
        *,
        sum(tickets_count) over (
            partition by period_start, dimension, member_id
            order by lasted_seconds desc
            rows between unbounded preceding and current row
        ) as at_risk_count
    from times
),

-- Where nobody is left the curve is at zero, whose logarithm there is not: -1000 is as good.
factors as (
    select
        *,
        case
            when resolved_count < at_risk_count
                then ln((at_risk_count - resolved_count) / cast(at_risk_count as {{ type_double() }}))
            else -1000
        end as log_factor
    from at_risk
),

survival as (
    select
        *,
        sum(log_factor) over (
            partition by period_start, dimension, member_id
            order by lasted_seconds
            rows between unbounded preceding and current row
        ) as log_surviving_share
    from factors
),

-- The curve is a product of fractions; a billionth makes up for the rounding of their logarithms.
quantiles as (
    select
        'month' as period_grain,
        period_start,
        dimension,
        member_id,
        min(case when log_surviving_share <= ln({{ as_double('0.5 + 1e-9') }}) then lasted_seconds end) as km_median_seconds,
        min(case when log_surviving_share <= ln({{ as_double('0.1 + 1e-9') }}) then lasted_seconds end) as km_p90_seconds,
        cast(sum(tickets_count) as {{ dbt.type_bigint() }}) as tickets_count,
        cast(sum(tickets_count - resolved_count) as {{ dbt.type_bigint() }}) as open_count
    from survival
    group by period_start, dimension, member_id
)

select * from quantiles
