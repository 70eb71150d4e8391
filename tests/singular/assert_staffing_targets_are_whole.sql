-- Protects kpi_staffing against a seed that says too little or the same thing twice: a line needs a share and a wait, work that can wait an
-- occupancy, and only one row may stand for all other channels.
with targets as (
    select * from {{ ref('staffing_targets') }}
),

failures as (
    select
        coalesce(channel, 'all other channels') as channel,
        'erlang_c needs target_share and target_seconds, workload maximum_occupancy' as failure
    from targets
    where
        (method = 'erlang_c' and (target_share is null or target_seconds is null))
        or (method = 'workload' and maximum_occupancy is null)
    union all
    select
        'all other channels' as channel,
        'more than one row without a channel' as failure
    from targets
    where channel is null
    group by channel
    having count(*) > 1
)

select * from failures
