-- The team of each agent that has a history, as intervals that follow one another without a gap: where the history is silent
-- the team is null. Where stays overlap, the one that began last holds, and after it the one around it again.
with history as (
    select
        agent_id,
        team_id,
        valid_from as began_at,
        greatest(valid_from, {{ beginning_of_time() }}) as valid_from,
        least(coalesce(valid_to, {{ end_of_time() }}), {{ end_of_time() }}) as valid_to
    from {{ ref('int_agent_team_history_gated') }}
    where verdict = 'accepted'
),

stays as (
    select * from history
    where valid_from < valid_to
),

-- A union drops repeats: the instants at which anything may change.
boundaries as (
    select
        agent_id,
        valid_from as boundary_at
    from stays
    union
    select
        agent_id,
        valid_to as boundary_at
    from stays
    union
    select
        agent_id,
        {{ beginning_of_time() }} as boundary_at
    from stays
),

stretches as (
    select
        agent_id,
        boundary_at as valid_from,
        lead(boundary_at, 1, {{ end_of_time() }}) over (partition by agent_id order by boundary_at) as valid_to
    from boundaries
),

ranked as (
    select
        stretches.agent_id,
        stretches.valid_from,
        stays.team_id,
        stays.began_at,
        row_number() over (
            partition by stretches.agent_id, stretches.valid_from
            order by stays.began_at desc nulls last
        ) as stay_rank
    from stretches
    left join stays
        on
            stretches.agent_id = stays.agent_id
            and stays.valid_from <= stretches.valid_from
            and stretches.valid_to <= stays.valid_to
    where stretches.valid_from < stretches.valid_to
),

-- One stay goes on where another one ends that it had taken the place of.
compared as (
    select
        agent_id,
        team_id,
        valid_from,
        began_at,
        lag(began_at) over (partition by agent_id order by valid_from) as began_before
    from ranked
    where stay_rank = 1
),

spans as (
    select
        agent_id,
        team_id,
        valid_from,
        lead(valid_from, 1, {{ end_of_time() }}) over (partition by agent_id order by valid_from) as valid_to
    from compared
    where
        began_at is null
        or began_before is null
        or began_at <> began_before
)

select * from spans
