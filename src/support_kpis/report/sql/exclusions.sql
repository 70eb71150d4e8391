-- Accepted rows that no mart counts.
select raw_table, reason, excluded_count
from marts.ops_exclusions
where excluded_count > 0
order by excluded_count desc, raw_table, reason
