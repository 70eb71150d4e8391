-- Protects the backlog by a second route: day by day its creations are the tickets', over all days its reopenings and resolutions, and
-- what is open at the end is what is unsolved. What leaves one team or priority on a day arrives at another.
with backlog as (
    select
        date_day,
        sum(created_count) as created_count,
        sum(transferred_in_count) as transferred_in_count,
        sum(transferred_out_count) as transferred_out_count
    from {{ ref('fct_backlog_daily') }}
    group by date_day
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

created as (
    select
        {{ reporting_date('created_at') }} as date_day,
        count(*) as created_count
    from tickets
    group by {{ reporting_date('created_at') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as last_day
    from {{ ref('int_as_of') }}
),

in_backlog as (
    select
        coalesce(sum(backlog.reopened_count), 0) as reopened_count,
        coalesce(sum(backlog.resolved_count), 0) as resolved_count,
        coalesce(sum(case when backlog.date_day = as_of.last_day then backlog.closing_count end), 0) as open_count
    from {{ ref('fct_backlog_daily') }} as backlog
    cross join as_of
),

in_tickets as (
    select
        coalesce(sum(reopen_count), 0) as reopened_count,
        coalesce(sum(case when is_resolved then 1 else 0 end), 0) as resolved_for_good_count,
        coalesce(sum(case when is_resolved then 0 else 1 end), 0) as open_count
    from tickets
)

select
    'created' as what,
    coalesce(backlog.date_day, created.date_day) as date_day,
    backlog.created_count as in_backlog,
    created.created_count as in_tickets
from backlog
full outer join created on backlog.date_day = created.date_day
where coalesce(backlog.created_count, 0) <> coalesce(created.created_count, 0)
union all
select
    'transferred' as what,
    date_day,
    transferred_in_count as in_backlog,
    transferred_out_count as in_tickets
from backlog
where transferred_in_count <> transferred_out_count
union all
select
    'reopened, resolved or open' as what,
    cast(null as date) as date_day,
    in_backlog.resolved_count as in_backlog,
    in_tickets.resolved_for_good_count as in_tickets
from in_backlog
cross join in_tickets
where
    in_backlog.reopened_count <> in_tickets.reopened_count
    or in_backlog.resolved_count - in_backlog.reopened_count <> in_tickets.resolved_for_good_count
    or in_backlog.open_count <> in_tickets.open_count
