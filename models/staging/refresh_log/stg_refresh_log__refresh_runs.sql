with source as (
    select * from {{ source('refresh_log', 'refresh_runs') }}
),

renamed as (
    select
        run_id,
        started_at,
        finished_at,
        status,
        target,
        as_of,
        models_count,
        tests_count,
        failures_count,
        warnings_count,
        rows_published,
        message
    from source
)

select * from renamed
