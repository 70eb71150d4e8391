-- The last thirteen whole periods of each length, and the one that goes on at as_of, whatever was counted in them.
with periods as (
    select distinct period_grain, period_start, is_complete_period
    from marts.kpi_scorecard
    where dimension = 'all'
),

ranked as (
    select
        period_grain, period_start, is_complete_period,
        rank() over (partition by period_grain, is_complete_period order by period_start desc) as nth
    from periods
)

select period_grain, period_start, is_complete_period
from ranked
where nth <= 13 and (is_complete_period or nth = 1)
order by period_grain, period_start
