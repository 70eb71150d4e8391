{{ stage_raw('holidays') }}
