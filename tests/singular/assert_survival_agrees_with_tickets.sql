-- Protects the Kaplan-Meier quantiles by a second route: they count the tickets created in the month, and where none of them is open
-- they are the plain quantiles of the times to resolution.
with survival as (
    select * from {{ ref('int_resolution_survival') }}
),

tickets as (
    select
        {{ period_start('month', reporting_date('created_at')) }} as period_start,
        'all' as dimension,
        'all' as member_id,
        resolution_seconds
    from {{ ref('fct_tickets') }}
    union all
    select
        {{ period_start('month', reporting_date('tickets.created_at')) }} as period_start,
        'team' as dimension,
        coalesce(teams.team_id, 'unknown') as member_id,
        tickets.resolution_seconds
    from {{ ref('fct_tickets') }} as tickets
    left join {{ ref('dim_teams') }} as teams on tickets.team_id = teams.team_id
),

plain as (
    select
        period_start,
        dimension,
        member_id,
        count(*) as tickets_count,
        count(*) - count(resolution_seconds) as open_count,
        percentile_disc(0.5) within group (order by resolution_seconds) as median_seconds,
        percentile_disc(0.9) within group (order by resolution_seconds) as p90_seconds
    from tickets
    group by period_start, dimension, member_id
)

select
    plain.*,
    survival.km_median_seconds,
    survival.km_p90_seconds
from plain
full outer join survival
    on
        plain.period_start = survival.period_start
        and plain.dimension = survival.dimension
        and plain.member_id = survival.member_id
where
    plain.member_id is null
    or survival.member_id is null
    or plain.tickets_count <> survival.tickets_count
    or plain.open_count <> survival.open_count
    or (plain.open_count = 0 and plain.median_seconds <> survival.km_median_seconds)
    or (plain.open_count = 0 and plain.p90_seconds <> survival.km_p90_seconds)
    -- A ticket that is still open can only lift the quantile of those that are solved.
    or plain.median_seconds > survival.km_median_seconds
