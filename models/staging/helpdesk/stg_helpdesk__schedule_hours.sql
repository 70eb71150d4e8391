{{ stage_raw('schedule_hours') }}
