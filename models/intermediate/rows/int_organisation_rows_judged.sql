with judged as (
    {{ rows_judged({
        'agents': ref('int_agents_gated'),
        'agent_team_history': ref('int_agent_team_history_gated'),
        'teams': ref('int_teams_gated'),
        'agent_shifts': ref('int_agent_shifts_gated'),
        'business_units': ref('int_business_units_gated'),
    }) }}
)

select * from judged
