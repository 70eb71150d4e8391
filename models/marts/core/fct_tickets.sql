with facts as (
    select * from {{ ref('int_ticket_facts') }}
),

outcomes as (
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
        facts.ticket_id,
        facts.source_system,
        facts.customer_id,
        terms.business_unit_id,
        facts.segment,
        owners.created_team_id as team_id,
        owners.current_agent_id as assignee_id,
        owners.created_agent_id,
        facts.channel,
        case
            when owners.has_priority_history then owners.current_priority
            else facts.priority
        end as priority,
        facts.ticket_type,
        facts.topic_id,
        facts.status,
        facts.created_at,
        facts.first_responded_at,
        facts.first_resolved_at,
        facts.resolved_at,
        {{ reporting_date('facts.created_at') }} as created_on,
        {{ reporting_date('facts.first_responded_at') }} as first_responded_on,
        {{ reporting_date('facts.first_resolved_at') }} as first_resolved_on,
        {{ reporting_date('facts.resolved_at') }} as resolved_on,
        facts.is_resolution_inferred,
        facts.is_agent_opened,
        facts.first_response_seconds,
        business.first_response_business_seconds,
        facts.first_response_agent_id,
        owners.first_response_team_id,
        facts.first_resolution_seconds,
        owners.first_resolution_agent_id,
        owners.first_resolution_team_id,
        facts.resolution_seconds,
        business.resolution_business_seconds,
        owners.resolution_agent_id,
        owners.resolution_team_id,
        facts.requester_wait_seconds,
        facts.agent_work_seconds,
        facts.reopen_count,
        facts.reassignment_count,
        facts.public_interaction_count,
        facts.inbound_interaction_count,
        facts.human_reply_count,
        facts.handle_seconds,
        outcomes.is_escalated,
        outcomes.first_escalated_at,
        facts.resolved_at is not null as is_resolved,
        outcomes.is_bot_resolved,
        outcomes.is_fcr_eligible,
        outcomes.is_first_contact_resolution,
        outcomes.is_first_line_resolvable
    from facts
    inner join outcomes on facts.ticket_id = outcomes.ticket_id
    inner join owners on facts.ticket_id = owners.ticket_id
    inner join terms on facts.ticket_id = terms.ticket_id
    left join business on facts.ticket_id = business.ticket_id
),

typed as (
    {{ select_as_contracted('fct_tickets', 'tickets') | indent(4) }}
)

select * from typed
