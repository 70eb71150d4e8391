with teams as (
    select
        team_id,
        name as team_name,
        tier,
        business_unit_id,
        schedule_id
    from {{ ref('int_teams_gated') }}
    where verdict = 'accepted'
),

typed as (
    {{ select_as_contracted('dim_teams', 'teams') | indent(4) }}
)

select * from typed
