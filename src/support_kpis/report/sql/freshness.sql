-- The latest row of what arrives all day, to hold against as_of.
select 1 as place, 'tickets created' as what, count(*) as rows_count, max(created_at) as latest_at
from marts.fct_tickets
union all
select 2, 'interactions started', count(*), max(started_at)
from marts.fct_interactions
union all
select 3, 'survey answers', count(responded_at), max(responded_at)
from marts.fct_survey_responses
union all
select 4, 'orders', count(*), max(ordered_at)
from marts.fct_orders
order by place
