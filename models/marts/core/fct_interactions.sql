with interactions as (
    select * from {{ ref('int_interactions_grouped') }}
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

owned as (
    select
        interactions.interaction_id,
        interactions.ticket_id,
        interactions.session_id,
        interactions.channel,
        interactions.direction,
        interactions.author_type,
        case
            when interactions.author_type = 'customer' then coalesce(customers.published_customer_id, interactions.author_id)
            else interactions.author_id
        end as author_id,
        interactions.agent_id,
        owners.team_id,
        interactions.is_human,
        interactions.is_public,
        interactions.started_at,
        {{ reporting_date('interactions.started_at') }} as started_on,
        interactions.ended_at,
        interactions.handle_seconds,
        {{ round_half_up('interactions.queue_seconds') }} as queue_seconds,
        interactions.is_abandoned
    from interactions
    left join owners
        on
            interactions.ticket_id = owners.ticket_id
            and owners.valid_from <= interactions.started_at
            and interactions.started_at < owners.valid_to
    left join customers on case when interactions.author_type = 'customer' then interactions.author_id end = customers.customer_id
),

typed as (
    {{ select_as_contracted('fct_interactions', 'owned') | indent(4) }}
)

select * from typed
