-- The open tickets at the end of each of the last 91 days.
with days as (
    select period_start as date_day, value as open_count
    from marts.kpi_scorecard
    where kpi_key = 'backlog_open' and dimension = 'all' and period_grain = 'day'
)

select days.date_day, cast(days.open_count as bigint) as open_count
from days
where days.date_day > (select max(latest.date_day) - interval '91 days' from days as latest)
order by days.date_day
