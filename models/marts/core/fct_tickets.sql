with outcomes as (
    select * from {{ ref('int_ticket_outcomes') }}
),

owners as (
    select * from {{ ref('int_ticket_owners_at_events') }}
),

terms as (
    select * from {{ ref('int_ticket_terms') }}
),

business as (
    select * from {{ ref('int_ticket_business_seconds') }}
),

tickets as (
    select
        outcomes.ticket_id,
        outcomes.source_system,
        outcomes.customer_id,
        terms.business_unit_id,
        outcomes.segment,
        owners.created_team_id as team_id,
        owners.current_agent_id as assignee_id,
        owners.created_agent_id,
        outcomes.channel,
        case
            when owners.has_priority_history then owners.current_priority
            else outcomes.priority
        end as priority,
        outcomes.ticket_type,
        outcomes.topic_id,
        outcomes.status,
        outcomes.created_at,
        outcomes.first_responded_at,
        outcomes.first_resolved_at,
        outcomes.resolved_at,
        outcomes.is_resolution_inferred,
        outcomes.is_agent_opened,
        outcomes.first_response_seconds,
        business.first_response_business_seconds,
        outcomes.first_response_agent_id,
        owners.first_response_team_id,
        outcomes.first_resolution_seconds,
        owners.first_resolution_agent_id,
        owners.first_resolution_team_id,
        outcomes.resolution_seconds,
        business.resolution_business_seconds,
        owners.resolution_agent_id,
        owners.resolution_team_id,
        outcomes.requester_wait_seconds,
        outcomes.agent_work_seconds,
        outcomes.reopen_count,
        outcomes.reassignment_count,
        outcomes.public_interaction_count,
        outcomes.inbound_interaction_count,
        outcomes.human_reply_count,
        outcomes.handle_seconds,
        outcomes.is_escalated,
        outcomes.first_escalated_at,
        outcomes.resolved_at is not null as is_resolved,
        outcomes.is_bot_resolved,
        outcomes.is_fcr_eligible,
        outcomes.is_first_contact_resolution,
        outcomes.is_first_line_resolvable
    from outcomes
    inner join owners on outcomes.ticket_id = owners.ticket_id
    inner join terms on outcomes.ticket_id = terms.ticket_id
    left join business on outcomes.ticket_id = business.ticket_id
),

typed as (
    {{ select_as_contracted('fct_tickets', 'tickets') | indent(4) }}
)

select * from typed
