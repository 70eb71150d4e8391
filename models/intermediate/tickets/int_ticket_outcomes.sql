-- What became of each countable ticket: escalated or not, solved by a bot, solved at the first contact.
with facts as (
    select * from {{ ref('int_ticket_facts') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

follow_ups as (
    select * from {{ ref('int_ticket_follow_ups') }}
),

escalations as (
    select
        ticket_id,
        min(escalated_at) as first_escalated_at
    from {{ ref('int_ticket_escalations') }}
    group by ticket_id
),

topics as (
    select
        topic_id,
        is_first_line_resolvable
    from {{ ref('int_topics_gated') }}
    where verdict = 'accepted'
),

joined as (
    select
        facts.ticket_id,
        facts.resolved_at,
        facts.reopen_count,
        facts.human_reply_count,
        facts.bot_reply_count,
        facts.inbound_interaction_count,
        escalations.first_escalated_at,
        escalations.ticket_id is not null as is_escalated,
        follow_ups.ticket_id is not null as has_follow_up,
        topics.is_first_line_resolvable,
        coalesce(
            facts.human_reply_count > 0
            and {{ plus_days('facts.resolved_at', setting_in_days('fcr_window_days')) }} <= as_of.as_of,
            false
        ) as is_fcr_eligible
    from facts
    cross join as_of
    left join escalations on facts.ticket_id = escalations.ticket_id
    left join follow_ups on facts.ticket_id = follow_ups.ticket_id
    left join topics on facts.topic_id = topics.topic_id
),

outcomes as (
    select
        joined.ticket_id,
        joined.first_escalated_at,
        joined.is_escalated,
        joined.has_follow_up,
        joined.is_first_line_resolvable,
        joined.is_fcr_eligible,
        case
            when joined.resolved_at is not null and joined.human_reply_count + joined.bot_reply_count > 0
                then joined.human_reply_count = 0
        end as is_bot_resolved,
        case
            when joined.is_fcr_eligible
                then
                    joined.inbound_interaction_count = 1
                    and joined.reopen_count = 0
                    and not joined.is_escalated
                    and not joined.has_follow_up
        end as is_first_contact_resolution
    from joined
)

select * from outcomes
