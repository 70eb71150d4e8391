-- Every accepted ticket, with the first reason for which no mart counts it, if there is one.
with tickets as (
    select * from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

classified as (
    select
        tickets.ticket_id,
        tickets.survivor_ticket_id,
        tickets.source_system,
        tickets.created_at,
        tickets.updated_at,
        tickets.status,
        tickets.priority,
        tickets.ticket_type,
        tickets.channel,
        tickets.topic_id,
        coalesce(customers.published_customer_id, tickets.customer_id) as customer_id,
        coalesce(customers.is_id_hidden, false) as is_customer_erased,
        customers.segment,
        customers.business_unit_id as customer_business_unit_id,
        tickets.assignee_id,
        tickets.team_id,
        tickets.business_unit_id,
        case
            when tickets.merged_into_ticket_id is not null then 'merged'
            when tickets.is_spam then 'spam'
            when tickets.is_test then 'test'
            when tickets.is_deleted then 'deleted'
            when tickets.created_at > as_of.as_of then 'after_as_of'
        end as exclusion_reason
    from tickets
    cross join as_of
    left join customers on tickets.customer_id = customers.customer_id
)

select * from classified
