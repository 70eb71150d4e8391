with excluded as (
    select
        {{ stable_key(['raw_table', 'reason']) }} as exclusion_id,
        raw_table,
        reason,
        excluded_count
    from {{ ref('int_rows_excluded') }}
),

typed as (
    {{ select_as_contracted('ops_exclusions', 'excluded') | indent(4) }}
)

select * from typed
