with judged as (
    {{ rows_judged({
        'tickets': ref('int_tickets_gated'),
        'ticket_events': ref('int_ticket_events_gated'),
        'interactions': ref('int_interactions_gated'),
        'ticket_articles': ref('int_ticket_articles_gated'),
        'topics': ref('int_topics_gated'),
        'kb_articles': ref('int_kb_articles_gated'),
    }) }}
)

select * from judged
