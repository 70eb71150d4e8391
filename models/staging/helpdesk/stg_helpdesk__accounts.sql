{{ stage_raw('accounts') }}
