{{ stage_raw('kb_articles') }}
