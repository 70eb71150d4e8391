{{ stage_raw('agents') }}
