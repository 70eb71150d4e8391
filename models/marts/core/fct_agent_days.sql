with shift_days as (
    select * from {{ ref('int_agent_shift_days') }}
),

activity_days as (
    select * from {{ ref('int_agent_activity_days') }}
),

agents as (
    select
        agent_id,
        team_id
    from {{ ref('dim_agents') }}
),

team_spans as (
    select * from {{ ref('int_agent_team_spans') }}
),

-- From an agent's first day on shift to the last, the shifts are known; a day between without any is one off.
rosters as (
    select
        agent_id,
        min(date_day) as first_day,
        max(date_day) as last_day
    from shift_days
    group by agent_id
),

days as (
    select
        agent_id,
        date_day,
        min(begins_at) as begins_at
    from (
        select
            agent_id,
            date_day,
            first_on_shift_at as begins_at
        from shift_days
        union all
        select
            agent_id,
            date_day,
            first_active_at as begins_at
        from activity_days
    ) as begun
    group by agent_id, date_day
),

agent_days as (
    select
        {{ stable_key(['days.agent_id', 'days.date_day']) }} as agent_day_id,
        days.agent_id,
        -- The team in which the day began. Where the agent has no history at all, the agent's own column says it.
        case when team_spans.agent_id is null then agents.team_id else team_spans.team_id end as team_id,
        days.date_day,
        case
            when shift_days.agent_id is not null then shift_days.shift_seconds
            when rosters.first_day < days.date_day and days.date_day < rosters.last_day then 0
        end as shift_seconds,
        case
            when coalesce(activity_days.interactions_count, 0) = 0 then 0
            when activity_days.known_handle_count > 0 then activity_days.handle_seconds
        end as handle_seconds,
        coalesce(activity_days.interactions_count, 0) as interactions_count,
        coalesce(activity_days.replies_count, 0) as replies_count,
        coalesce(activity_days.tickets_resolved_count, 0) as tickets_resolved_count
    from days
    left join shift_days
        on
            days.agent_id = shift_days.agent_id
            and days.date_day = shift_days.date_day
    left join activity_days
        on
            days.agent_id = activity_days.agent_id
            and days.date_day = activity_days.date_day
    left join rosters on days.agent_id = rosters.agent_id
    left join agents on days.agent_id = agents.agent_id
    left join team_spans
        on
            days.agent_id = team_spans.agent_id
            and team_spans.valid_from <= days.begins_at
            and days.begins_at < team_spans.valid_to
),

typed as (
    {{ select_as_contracted('fct_agent_days', 'agent_days') | indent(4) }}
)

select * from typed
