with counted as (
    {{ rows_counted({
        'tickets': ref('stg_helpdesk__tickets'),
        'ticket_events': ref('stg_helpdesk__ticket_events'),
        'interactions': ref('stg_helpdesk__interactions'),
        'ticket_articles': ref('stg_helpdesk__ticket_articles'),
        'topics': ref('stg_helpdesk__topics'),
        'kb_articles': ref('stg_helpdesk__kb_articles'),
    }) }}
)

select * from counted
