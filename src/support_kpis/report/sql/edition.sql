-- The run whose build is published: what the whole page is about.
select run_id, as_of, finished_at as published_at, target
from marts.ops_refresh_runs
where status = 'published'
order by run_id desc
limit 1
