-- One row a session of a ticket, a chat or a call: all its rows together.
with interaction_rows as (
    select * from {{ ref('int_interaction_rows') }}
    where session_id is not null
),

ranked as (
    select
        interaction_rows.*,
        row_number() over (
            partition by interaction_rows.ticket_id, interaction_rows.session_id
            order by interaction_rows.started_at, {{ bytewise('interaction_rows.interaction_id') }}
        ) as rank_in_session
    from interaction_rows
),

-- The first person of a session is found with the least of rank and name in one text.
sessions as (
    select
        ticket_id,
        session_id,
        max(case when rank_in_session = 1 then interaction_id end) as interaction_id,
        max(case when rank_in_session = 1 then channel end) as channel,
        case when max(case when rank_in_session = 1 then author_type end) = 'customer' then 'inbound' else 'outbound' end as direction,
        max(case when rank_in_session = 1 then author_type end) as author_type,
        max(case when rank_in_session = 1 then author_id end) as author_id,
        nullif(
            substr(min(case when is_human then lpad(cast(rank_in_session as {{ dbt.type_string() }}), 10, '0') || coalesce(author_id, '') end), 11),
            ''
        ) as agent_id,
        bool_or(is_human) as is_human,
        bool_or(is_public) as is_public,
        bool_or(is_abandoned) as is_abandoned,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        max(queue_seconds) as queue_seconds,
        -- Parts of three chats at once are cut to ten places; what they add up to is not.
        {{ round_half_up('round(sum(' ~ as_decimal('handle_seconds') ~ '), 6)') }} as handle_seconds
    from ranked
    group by ticket_id, session_id
)

select * from sessions
