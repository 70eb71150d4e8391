with runs as (
    select * from {{ ref('stg_refresh_log__refresh_runs') }}
),

typed as (
    {{ select_as_contracted('ops_refresh_runs', 'runs') | indent(4) }}
)

select * from typed
