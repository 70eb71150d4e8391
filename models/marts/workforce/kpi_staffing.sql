with loads as (
    select * from {{ ref('int_staffing_loads') }}
),

queues as (
    select * from {{ ref('int_staffing_queues') }}
),

members as (
    select
        member_id,
        member_name
    from {{ ref('int_scorecard_members') }}
    where dimension = 'team'
),

-- People as a fraction for work that can wait, and whole people for a line. A hair above a whole number is that number.
needed as (
    select
        loads.*,
        queues.expected_service_level,
        case
            when loads.load_parts = 0 then 0
            when queues.agents_needed is not null
                then greatest(queues.agents_needed, ceil(coalesce(loads.load_erlangs / loads.maximum_occupancy, 0) - 1e-9))
        end as line_agents,
        case when loads.staffing_method = 'workload' then loads.load_erlangs / loads.maximum_occupancy end as work_agents
    from loads
    left join queues on loads.staffing_id = queues.staffing_id
),

counted as (
    select
        *,
        coalesce(cast(line_agents as {{ dbt.type_bigint() }}), cast(ceil(work_agents - 1e-9) as {{ dbt.type_bigint() }})) as agents_needed,
        {{ in_billionths('work_agents') }} as work_parts
    from needed
),

pooled as (
    select
        *,
        sum(case when staffing_method = 'erlang_c' then agents_needed else 0 end) over team_hour as pooled_line_agents,
        sum(coalesce(work_parts, 0)) over team_hour as pooled_work_parts,
        sum(case when agents_needed is null then 1 else 0 end) over team_hour as unknown_count
    from counted
    window team_hour as (partition by team_id, hour_of_week)
),

staffing as (
    select
        pooled.staffing_id,
        pooled.team_id,
        coalesce(members.member_name, 'Unknown') as team_name,
        pooled.channel,
        pooled.hour_of_week,
        {{ whole_division('pooled.hour_of_week', 24) }} + 1 as iso_day_of_week,
        mod(pooled.hour_of_week, 24) as hour_of_day,
        pooled.days_count,
        pooled.arrivals_count,
        pooled.arrivals_per_hour,
        pooled.handle_seconds,
        pooled.load_erlangs as workload_agents,
        pooled.agents_on_shift,
        pooled.staffing_method,
        pooled.agents_needed,
        pooled.agents_needed - pooled.agents_on_shift as gap,
        case
            when pooled.unknown_count = 0
                then pooled.pooled_line_agents + ceil({{ as_double('pooled.pooled_work_parts') }} / 1000000000)
        end as team_agents_needed,
        case
            when pooled.unknown_count = 0
                then pooled.pooled_line_agents + ceil({{ as_double('pooled.pooled_work_parts') }} / 1000000000) - pooled.agents_on_shift
        end as team_gap,
        pooled.channel_agents,
        pooled.target_share,
        pooled.target_seconds,
        pooled.expected_service_level
    from pooled
    left join members on pooled.team_id = members.member_id
),

typed as (
    {{ select_as_contracted('kpi_staffing', 'staffing') | indent(4) }}
)

select * from typed
