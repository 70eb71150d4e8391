-- The teams that hold most of what is open at as_of, and how much they held seven days before.
with latest as (
    select max(date_day) as last_day
    from marts.fct_backlog_daily
),

held as (
    select
        backlog.team_id,
        cast(sum(case when backlog.date_day = latest.last_day then backlog.closing_count else 0 end) as bigint)
            as open_count,
        cast(sum(case when backlog.date_day < latest.last_day then backlog.closing_count else 0 end) as bigint)
            as previous_open_count
    from marts.fct_backlog_daily as backlog
    cross join latest
    where backlog.date_day in (latest.last_day, latest.last_day - interval '7 days')
    group by backlog.team_id
)

select
    held.team_id, coalesce(teams.team_name, held.team_id, 'no team') as team_name, held.open_count,
    held.previous_open_count
from held
left join marts.dim_teams as teams on held.team_id = teams.team_id
where held.open_count > 0 or held.previous_open_count > 0
order by held.open_count desc, held.previous_open_count desc, team_name, held.team_id
limit 12
