{{ stage_raw('agent_team_history') }}
