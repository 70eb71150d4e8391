-- What became of the raw rows, table by table; those that brought none go last.
select
    raw_table, raw_count, accepted_count, duplicate_count, superseded_count, quarantined_count, excluded_count,
    is_balanced
from marts.ops_reconciliation
order by raw_count = 0, raw_table
