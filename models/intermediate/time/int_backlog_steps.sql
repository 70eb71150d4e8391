-- One row a countable ticket and instant at which the backlog changes by it: it is created, resolved, reopened, or moves to another
-- team or priority. Team and priority are those in force at the instant, all events of it included.
with terms as (
    select
        ticket_id,
        created_at
    from {{ ref('int_ticket_terms') }}
),

changes as (
    select * from {{ ref('int_ticket_solved_changes') }}
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

priorities as (
    select * from {{ ref('int_ticket_values_in_force') }}
    where event_type = 'priority'
),

facts as (
    select
        ticket_id,
        created_at,
        priority
    from {{ ref('int_ticket_facts') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

happenings as (
    select
        ticket_id,
        created_at as stepped_at,
        1 as created_count,
        0 as reopened_count,
        0 as resolved_count
    from terms
    union all
    select
        ticket_id,
        changed_at as stepped_at,
        0 as created_count,
        case when is_solved_after then 0 else 1 end as reopened_count,
        case when is_solved_after then 1 else 0 end as resolved_count
    from changes
    union all
    select
        terms.ticket_id,
        owners.valid_from as stepped_at,
        0 as created_count,
        0 as reopened_count,
        0 as resolved_count
    from terms
    inner join owners
        on
            terms.ticket_id = owners.ticket_id
            and terms.created_at < owners.valid_from
    cross join as_of
    where owners.valid_from <= as_of.as_of
    union all
    select
        terms.ticket_id,
        priorities.valid_from as stepped_at,
        0 as created_count,
        0 as reopened_count,
        0 as resolved_count
    from terms
    inner join priorities
        on
            terms.ticket_id = priorities.ticket_id
            and terms.created_at < priorities.valid_from
),

instants as (
    select
        ticket_id,
        stepped_at,
        cast(sum(created_count) as {{ dbt.type_bigint() }}) as created_count,
        cast(sum(reopened_count) as {{ dbt.type_bigint() }}) as reopened_count,
        cast(sum(resolved_count) as {{ dbt.type_bigint() }}) as resolved_count
    from happenings
    group by ticket_id, stepped_at
),

placed as (
    select
        instants.*,
        facts.created_at,
        owners.team_id,
        owners.agent_id,
        case
            when priorities.ticket_id is not null then priorities.value_in_force
            else facts.priority
        end as priority
    from instants
    inner join facts on instants.ticket_id = facts.ticket_id
    left join owners
        on
            instants.ticket_id = owners.ticket_id
            and owners.valid_from <= instants.stepped_at
            and instants.stepped_at < owners.valid_to
    left join priorities
        on
            instants.ticket_id = priorities.ticket_id
            and priorities.valid_from <= instants.stepped_at
            and instants.stepped_at < priorities.valid_to
),

followed as (
    select
        *,
        lag(team_id) over (partition by ticket_id order by stepped_at) as previous_team_id,
        lag(agent_id) over (partition by ticket_id order by stepped_at) as previous_agent_id,
        lag(priority) over (partition by ticket_id order by stepped_at) as previous_priority,
        lead(stepped_at) over (partition by ticket_id order by stepped_at) as next_stepped_at,
        cast(sum(created_count + reopened_count - resolved_count) over (
            partition by ticket_id
            order by stepped_at
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as open_count
    from placed
),

steps as (
    select
        ticket_id,
        stepped_at,
        next_stepped_at,
        created_at,
        team_id,
        agent_id,
        priority,
        previous_team_id,
        previous_agent_id,
        previous_priority,
        created_count,
        reopened_count,
        resolved_count,
        open_count,
        case
            when open_count - created_count - reopened_count + resolved_count = 0 then 0
            when coalesce(team_id, '') <> coalesce(previous_team_id, '') then 1
            when coalesce(priority, '') <> coalesce(previous_priority, '') then 1
            else 0
        end as transferred_count
    from followed
)

select * from steps
