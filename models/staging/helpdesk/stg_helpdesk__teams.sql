{{ stage_raw('teams') }}
