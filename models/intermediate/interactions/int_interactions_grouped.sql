{{ config(materialized=light_view()) }}

-- The rows of one session of a ticket are one interaction, a row without a session is one by itself. Most are, so that a table would say
-- again what the rows say.
{%- set columns = [
    'interaction_id', 'ticket_id', 'session_id', 'channel', 'direction', 'author_type', 'author_id', 'agent_id', 'is_human', 'is_public',
    'is_abandoned', 'started_at', 'ended_at', 'queue_seconds', 'handle_seconds',
] %}
with interaction_rows as (
    select * from {{ ref('int_interaction_rows') }}
    where session_id is null
),

sessions as (
    select * from {{ ref('int_interaction_sessions') }}
),

alone as (
    select
        interaction_rows.*,
        case when is_human then author_id end as agent_id,
        {{ round_half_up('handle_seconds') }} as whole_seconds
    from interaction_rows
),

grouped as (
    select
        {%- for column in columns %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sessions
    union all
    select
        {%- for column in columns %}
        {{ 'whole_seconds as handle_seconds' if column == 'handle_seconds' else column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from alone
)

select * from grouped
