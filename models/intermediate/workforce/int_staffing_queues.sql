-- One row a team, channel and local hour of the week in which customers wait in line for a person: the agents that the target needs by Erlang C, and the
-- share answered in time by the people who are there. People on average are a fraction; between two whole numbers the share is interpolated.
with loads as (
    select * from {{ ref('int_staffing_loads') }}
    where
        staffing_method = 'erlang_c'
        and load_erlangs > 0
        and target_share is not null
        and target_seconds is not null
),

queues as (
    select
        staffing_id as queue_id,
        load_erlangs,
        handle_seconds,
        target_seconds,
        target_share,
        channel_agents,
        greatest({{ erlang_reach('load_erlangs') }}, least({{ erlang_most_agents() }}, coalesce(ceil(channel_agents), 0))) as most_agents
    from loads
),

longest as (
    select max(most_agents) as most_agents
    from queues
),

all_factorials as (
    {{ log_factorials() | indent(4) }}
),

factorials as (
    select all_factorials.*
    from all_factorials
    inner join longest on all_factorials.agents <= longest.most_agents
),

curve as (
    {{ erlang_c_curve('queues', 'factorials') | indent(4) }}
),

-- Beyond the greatest number that is worked out nothing is said.
read_off as (
    select
        queues.queue_id,
        min(case when curve.service_level >= queues.target_share then curve.agents end) as agents_needed,
        max(case when curve.agents = floor(queues.channel_agents) then curve.service_level end) as level_below,
        max(case when curve.agents = ceil(queues.channel_agents) then curve.service_level end) as level_above
    from queues
    inner join curve on queues.queue_id = curve.queue_id
    group by queues.queue_id
),

answered as (
    select
        queues.queue_id as staffing_id,
        cast(read_off.agents_needed as {{ dbt.type_bigint() }}) as agents_needed,
        read_off.level_below + (queues.channel_agents - floor(queues.channel_agents)) * (read_off.level_above - read_off.level_below) as expected_service_level
    from queues
    inner join read_off on queues.queue_id = read_off.queue_id
)

select * from answered
