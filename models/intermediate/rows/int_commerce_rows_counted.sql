with counted as (
    {{ rows_counted({
        'customers': ref('stg_helpdesk__customers'),
        'accounts': ref('stg_helpdesk__accounts'),
        'orders': ref('stg_helpdesk__orders'),
        'subscriptions': ref('stg_helpdesk__subscriptions'),
        'exchange_rates': ref('stg_helpdesk__exchange_rates'),
    }) }}
)

select * from counted
