-- Protects the promise that nothing is dropped in silence: ops_quarantine has as many rows of each raw table as the
-- reconciliation says were rejected, each with a reason that is one of the gate's.
with reconciled as (
    select
        raw_table,
        quarantined_count
    from {{ ref('ops_reconciliation') }}
),

quarantined as (
    select
        raw_table,
        count(*) as rows_count,
        sum(
            case
                when reason in (
                    'missing_required', 'unreadable_value', 'value_not_allowed', 'negative_seconds', 'end_before_start',
                    'score_outside_scale', 'answer_before_sent', 'after_loading', 'missing_parent', 'merge_into_nothing',
                    'merge_loop', 'invalid_nps_scale', 'invalid_scale', 'invalid_concurrency', 'unknown_time_zone',
                    'invalid_opening_hours', 'negative_target', 'ancestor_loop', 'missing_exchange_rate',
                    'rate_out_of_range', 'time_out_of_range'
                ) then 0
                else 1
            end
        ) as strange_reasons_count
    from {{ ref('ops_quarantine') }}
    group by raw_table
)

select
    coalesce(reconciled.raw_table, quarantined.raw_table) as raw_table,
    reconciled.quarantined_count,
    quarantined.rows_count,
    quarantined.strange_reasons_count
from reconciled
full outer join quarantined on reconciled.raw_table = quarantined.raw_table
where
    coalesce(reconciled.quarantined_count, 0) <> coalesce(quarantined.rows_count, 0)
    or quarantined.strange_reasons_count > 0
