{{ stage_raw('customers') }}
