-- The members that the input knows, by dimension, with the name a person calls them by. Agents go by their id.
with members as (
    select
        'team' as dimension,
        team_id as member_id,
        coalesce(team_name, team_id) as member_name
    from {{ ref('dim_teams') }}
    union all
    select
        'agent' as dimension,
        agent_id as member_id,
        agent_id as member_name
    from {{ ref('dim_agents') }}
    union all
    select
        'topic' as dimension,
        topic_id as member_id,
        coalesce(topic_name, topic_id) as member_name
    from {{ ref('dim_topics') }}
    union all
    select
        'business_unit' as dimension,
        business_unit_id as member_id,
        coalesce(business_unit_name, business_unit_id) as member_name
    from {{ ref('dim_business_units') }}
)

select * from members
