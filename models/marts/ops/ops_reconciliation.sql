with counted as (
    select * from {{ ref('int_rows_counted') }}
),

verdicts as (
    select
        raw_table,
        sum(case when verdict = 'accepted' then rows_count else 0 end) as accepted_count,
        sum(case when verdict = 'duplicate' then rows_count else 0 end) as duplicate_count,
        sum(case when verdict = 'superseded' then rows_count else 0 end) as superseded_count,
        sum(case when verdict = 'quarantined' then rows_count else 0 end) as quarantined_count
    from {{ ref('int_rows_judged') }}
    group by raw_table
),

excluded as (
    select
        raw_table,
        sum(excluded_count) as excluded_count
    from {{ ref('int_rows_excluded') }}
    group by raw_table
),

-- The raw count is taken from the raw table itself, not added up from the verdicts: only so can the two disagree.
reconciled as (
    select
        counted.raw_table,
        counted.rows_count as raw_count,
        coalesce(verdicts.accepted_count, 0) as accepted_count,
        coalesce(verdicts.duplicate_count, 0) as duplicate_count,
        coalesce(verdicts.superseded_count, 0) as superseded_count,
        coalesce(verdicts.quarantined_count, 0) as quarantined_count,
        coalesce(excluded.excluded_count, 0) as excluded_count,
        counted.rows_count = coalesce(
            verdicts.accepted_count + verdicts.duplicate_count + verdicts.superseded_count + verdicts.quarantined_count, 0
        )
        and coalesce(excluded.excluded_count, 0) <= coalesce(verdicts.accepted_count, 0) as is_balanced
    from counted
    left join verdicts on counted.raw_table = verdicts.raw_table
    left join excluded on counted.raw_table = excluded.raw_table
),

typed as (
    {{ select_as_contracted('ops_reconciliation', 'reconciled') | indent(4) }}
)

select * from typed
