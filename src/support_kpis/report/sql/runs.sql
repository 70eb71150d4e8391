-- The last ten refreshes up to the published one.
select run_id, started_at, finished_at, status, as_of, failures_count, warnings_count, rows_published, message
from marts.ops_refresh_runs
order by run_id desc
limit 10
