-- The promises to customers that still wait at as_of (?): running, of those due within a day, and broken without an end.
select
    outcomes.metric,
    count(case when outcomes.outcome = 'running' then 1 end) as running_count,
    count(
        case when outcomes.outcome = 'running' and outcomes.due_at <= cast(? as timestamp) + interval '1 day' then 1 end
    ) as due_soon_count,
    count(case when outcomes.outcome = 'breached' then 1 end) as overdue_count
from marts.fct_sla_outcomes as outcomes
inner join marts.fct_tickets as tickets on outcomes.ticket_id = tickets.ticket_id
where outcomes.ends_at is null and tickets.resolved_at is null
group by outcomes.metric
order by outcomes.metric
