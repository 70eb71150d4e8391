{{ stage_raw('agent_shifts') }}
