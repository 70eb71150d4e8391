-- Team and agent in force at the instants by which a ticket's numbers are counted.
with facts as (
    select * from {{ ref('int_ticket_facts') }}
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

priorities as (
    select
        ticket_id,
        value_in_force as priority
    from {{ ref('int_ticket_values_in_force') }}
    where
        event_type = 'priority'
        and valid_to = {{ end_of_time() }}
),

instants as (
    select
        ticket_id,
        created_at,
        first_responded_at,
        first_resolved_at,
        resolved_at
    from facts
),

owned as (
    select
        instants.ticket_id,
        {%- for name, instant in [
            ('created', 'created_at'),
            ('first_response', 'first_responded_at'),
            ('first_resolution', 'first_resolved_at'),
            ('resolution', 'resolved_at'),
        ] %}
        {%- set holds_then = 'owners.valid_from <= instants.' ~ instant ~ ' and instants.' ~ instant ~ ' < owners.valid_to' %}
        max(case when {{ holds_then }} then owners.team_id end) as {{ name }}_team_id,
        max(case when {{ holds_then }} then owners.agent_id end) as {{ name }}_agent_id,
        {%- endfor %}
        max(case when owners.valid_to = {{ end_of_time() }} then owners.agent_id end) as current_agent_id
    from instants
    inner join owners on instants.ticket_id = owners.ticket_id
    group by instants.ticket_id
),

prioritised as (
    select
        owned.*,
        priorities.ticket_id is not null as has_priority_history,
        priorities.priority as current_priority
    from owned
    left join priorities on owned.ticket_id = priorities.ticket_id
)

select * from prioritised
