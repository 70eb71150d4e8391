-- Every interaction row that counts, on the ticket that survived its merges. Internal notes are no interactions.
with interactions as (
    select * from {{ ref('int_interactions_gated') }}
    where
        verdict = 'accepted'
        and direction <> 'internal'
),

all_tickets as (
    select
        ticket_id,
        survivor_ticket_id
    from {{ ref('int_tickets_classified') }}
),

tickets as (
    select
        ticket_id,
        created_at
    from {{ ref('int_tickets_classified') }}
    where exclusion_reason is null
),

agents as (
    select
        agent_id,
        role
    from {{ ref('int_agents_gated') }}
    where verdict = 'accepted'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

joined as (
    select
        interactions.interaction_id,
        tickets.ticket_id,
        tickets.created_at as ticket_created_at,
        interactions.ticket_id <> tickets.ticket_id as is_moved_by_merge,
        interactions.session_id,
        interactions.channel,
        interactions.direction,
        interactions.author_type,
        interactions.author_id,
        interactions.is_public,
        interactions.is_abandoned,
        interactions.started_at,
        coalesce(interactions.ended_at, interactions.started_at) as ended_at,
        interactions.queue_seconds,
        -- An agent that the input does not know counts as human.
        interactions.author_type = 'agent' and coalesce(agents.role, 'agent') <> 'bot' as is_human,
        interactions.author_type = 'bot' or (interactions.author_type = 'agent' and coalesce(agents.role, 'agent') = 'bot') as is_bot,
        case
            when coalesce(interactions.talk_seconds, interactions.hold_seconds, interactions.wrap_up_seconds) is not null
                then
                    (
                        coalesce(interactions.talk_seconds, 0)
                        + coalesce(interactions.hold_seconds, 0)
                        + coalesce(interactions.wrap_up_seconds, 0)
                    ) / interactions.concurrency
        end as handle_seconds
    from interactions
    inner join all_tickets on interactions.ticket_id = all_tickets.ticket_id
    inner join tickets on all_tickets.survivor_ticket_id = tickets.ticket_id
    left join agents on interactions.author_id = agents.agent_id
    cross join as_of
    where interactions.started_at <= as_of.as_of
),

answers as (
    select
        joined.*,
        joined.is_public and joined.direction = 'outbound' and joined.is_human as is_human_reply,
        joined.is_public and joined.direction = 'outbound' and joined.is_bot as is_bot_reply
    from joined
)

select * from answers
