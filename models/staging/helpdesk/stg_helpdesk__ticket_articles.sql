{{ stage_raw('ticket_articles') }}
