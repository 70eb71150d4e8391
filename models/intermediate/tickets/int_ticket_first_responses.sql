-- Who answered each countable ticket first, and when. A ticket that an agent opened waits for an answer from the customer's first
-- row on; any other from its creation on.
with interaction_rows as (
    select * from {{ ref('int_interaction_rows') }}
),

openings as (
    select
        ticket_id,
        ticket_created_at,
        min(case when direction = 'inbound' then started_at end) as first_inbound_at,
        min(case when is_human_reply then started_at end) as first_reply_at,
        cast(sum(case when is_human_reply then 1 else 0 end) as {{ dbt.type_bigint() }}) as human_reply_count,
        cast(sum(case when is_bot_reply then 1 else 0 end) as {{ dbt.type_bigint() }}) as bot_reply_count
    from interaction_rows
    group by ticket_id, ticket_created_at
),

waits as (
    select
        ticket_id,
        ticket_created_at,
        human_reply_count,
        bot_reply_count,
        first_reply_at is not null
        and (first_inbound_at is null or first_reply_at < first_inbound_at) as is_agent_opened,
        first_inbound_at,
        case
            when first_reply_at is not null and (first_inbound_at is null or first_reply_at < first_inbound_at)
                then first_inbound_at
            else ticket_created_at
        end as waiting_from
    from openings
),

candidates as (
    select
        waits.ticket_id,
        interaction_rows.started_at,
        interaction_rows.author_id,
        row_number() over (
            partition by waits.ticket_id
            order by interaction_rows.started_at, {{ bytewise('interaction_rows.interaction_id') }}
        ) as rank_in_ticket
    from waits
    inner join interaction_rows on waits.ticket_id = interaction_rows.ticket_id
    where
        interaction_rows.is_human_reply
        -- What a merge brought from before the ticket's own creation counts, but answers nothing.
        and not (interaction_rows.is_moved_by_merge and interaction_rows.started_at < waits.ticket_created_at)
        and (
            interaction_rows.started_at > waits.waiting_from
            or (interaction_rows.started_at = waits.waiting_from and not waits.is_agent_opened)
        )
),

first_responses as (
    select
        waits.ticket_id,
        waits.is_agent_opened,
        waits.waiting_from,
        candidates.started_at as first_responded_at,
        candidates.author_id as first_response_agent_id,
        waits.human_reply_count,
        waits.bot_reply_count
    from waits
    left join candidates
        on
            waits.ticket_id = candidates.ticket_id
            and candidates.rank_in_ticket = 1
)

select * from first_responses
