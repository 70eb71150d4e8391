-- The tickets that are open at as_of (?), by age since their creation and by priority; an age that none has counts 0.
with ages (age_rank, age) as (
    values (1, 'under 1 day'), (2, '1 to 3 days'), (3, '3 to 7 days'), (4, '7 to 30 days'), (5, '30 days or more')
),

open_tickets as (
    select
        coalesce(priority, 'no priority') as priority,
        case
            when created_at > cast(? as timestamp) - interval '1 day' then 1
            when created_at > cast(? as timestamp) - interval '3 days' then 2
            when created_at > cast(? as timestamp) - interval '7 days' then 3
            when created_at > cast(? as timestamp) - interval '30 days' then 4
            else 5
        end as age_rank
    from marts.fct_tickets
    where resolved_at is null
)

select
    ages.age_rank, ages.age, open_tickets.priority, count(open_tickets.priority) as open_count
from ages
left join open_tickets on ages.age_rank = open_tickets.age_rank
group by ages.age_rank, ages.age, open_tickets.priority
order by
    ages.age_rank,
    case open_tickets.priority
        when 'urgent' then 1
        when 'high' then 2
        when 'normal' then 3
        when 'low' then 4
        else 5
    end,
    open_tickets.priority
