{{ stage_raw('topics') }}
