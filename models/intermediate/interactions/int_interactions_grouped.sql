{{ config(materialized=light_view()) }}

-- The rows of one session of a ticket are one interaction, a row without a session is one by itself. Most are, so that a table would say
-- again what the rows say.
with sessions as (
    select * from {{ ref('int_interaction_sessions') }}
),

interaction_rows as (
    select * from {{ ref('int_interaction_rows') }}
    where session_id is null
),

grouped as (
    select
        interaction_id,
        ticket_id,
        session_id,
        channel,
        direction,
        author_type,
        author_id,
        agent_id,
        is_human,
        is_public,
        is_abandoned,
        started_at,
        ended_at,
        queue_seconds,
        handle_seconds
    from sessions
    union all
    select
        interaction_id,
        ticket_id,
        session_id,
        channel,
        direction,
        author_type,
        author_id,
        case when is_human then author_id end as agent_id,
        is_human,
        is_public,
        is_abandoned,
        started_at,
        ended_at,
        queue_seconds,
        {{ round_half_up('handle_seconds') }} as handle_seconds
    from interaction_rows
)

select * from grouped
