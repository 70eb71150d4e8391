-- Rejected raw rows by reason, and how many of them came with the published run (?).
select
    raw_table, reason, count(*) as quarantined_count,
    count(case when first_seen_run_id = ? then 1 end) as new_count
from marts.ops_quarantine
group by raw_table, reason
order by quarantined_count desc, raw_table, reason
