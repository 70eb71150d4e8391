{{ stage_raw('schedules') }}
