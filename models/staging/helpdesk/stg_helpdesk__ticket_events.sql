{{ stage_raw('ticket_events') }}
