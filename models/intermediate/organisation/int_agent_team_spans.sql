-- The team of each agent that has a history, as intervals that follow one another without a gap: where the history is silent
-- the team is null. Where two stays overlap, the later one holds.
with history as (
    select
        agent_id,
        team_id,
        valid_from,
        coalesce(valid_to, {{ end_of_time() }}) as valid_to
    from {{ ref('int_agent_team_history_gated') }}
    where
        verdict = 'accepted'
        and (valid_to is null or valid_to > valid_from)
),

stays as (
    select
        agent_id,
        team_id,
        valid_from,
        least(
            valid_to,
            lead(valid_from, 1, {{ end_of_time() }}) over (partition by agent_id order by valid_from)
        ) as valid_to
    from history
),

boundaries as (
    select
        agent_id,
        team_id,
        valid_from
    from stays
    union all
    select
        stays.agent_id,
        cast(null as {{ dbt.type_string() }}) as team_id,
        stays.valid_to as valid_from
    from stays
    left join stays as next_stays
        on
            stays.agent_id = next_stays.agent_id
            and stays.valid_to = next_stays.valid_from
    where next_stays.agent_id is null
    union all
    select
        agent_id,
        cast(null as {{ dbt.type_string() }}) as team_id,
        {{ beginning_of_time() }} as valid_from
    from stays
    group by agent_id
),

spans as (
    select
        agent_id,
        team_id,
        valid_from,
        lead(valid_from, 1, {{ end_of_time() }}) over (partition by agent_id order by valid_from) as valid_to
    from boundaries
)

select * from spans
where valid_from < valid_to
