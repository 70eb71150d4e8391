{{ stage_raw('tickets') }}
