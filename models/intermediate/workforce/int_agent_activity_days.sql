-- One row a human agent and local day on which the agent began an interaction, replied or resolved a ticket.
with interactions as (
    select * from {{ ref('fct_interactions') }}
    where
        is_human
        and agent_id is not null
),

replies as (
    select * from {{ ref('int_interaction_rows') }}
    where
        is_human_reply
        and author_id is not null
),

tickets as (
    select * from {{ ref('fct_tickets') }}
    where
        resolved_at is not null
        and resolution_agent_id is not null
),

bots as (
    select agent_id
    from {{ ref('dim_agents') }}
    where role = 'bot'
),

handled_days as (
    select
        agent_id,
        {{ reporting_date('started_at') }} as date_day,
        min(started_at) as first_active_at,
        sum(handle_seconds) as handle_seconds,
        count(handle_seconds) as known_handle_count,
        count(*) as interactions_count,
        0 as replies_count,
        0 as tickets_resolved_count
    from interactions
    group by agent_id, {{ reporting_date('started_at') }}
),

reply_days as (
    select
        author_id as agent_id,
        {{ reporting_date('started_at') }} as date_day,
        min(started_at) as first_active_at,
        0 as handle_seconds,
        0 as known_handle_count,
        0 as interactions_count,
        count(*) as replies_count,
        0 as tickets_resolved_count
    from replies
    group by author_id, {{ reporting_date('started_at') }}
),

resolution_days as (
    select
        tickets.resolution_agent_id as agent_id,
        {{ reporting_date('tickets.resolved_at') }} as date_day,
        min(tickets.resolved_at) as first_active_at,
        0 as handle_seconds,
        0 as known_handle_count,
        0 as interactions_count,
        0 as replies_count,
        count(*) as tickets_resolved_count
    from tickets
    left join bots on tickets.resolution_agent_id = bots.agent_id
    where bots.agent_id is null
    group by tickets.resolution_agent_id, {{ reporting_date('tickets.resolved_at') }}
),

kinds as (
    select * from handled_days
    union all
    select * from reply_days
    union all
    select * from resolution_days
),

days as (
    select
        agent_id,
        date_day,
        min(first_active_at) as first_active_at,
        cast(sum(handle_seconds) as {{ dbt.type_bigint() }}) as handle_seconds,
        cast(sum(known_handle_count) as {{ dbt.type_bigint() }}) as known_handle_count,
        cast(sum(interactions_count) as {{ dbt.type_bigint() }}) as interactions_count,
        cast(sum(replies_count) as {{ dbt.type_bigint() }}) as replies_count,
        cast(sum(tickets_resolved_count) as {{ dbt.type_bigint() }}) as tickets_resolved_count
    from kinds
    group by agent_id, date_day
)

select * from days
