with judged as (
    {{ rows_judged({
        'customers': ref('int_customers_gated'),
        'accounts': ref('int_accounts_gated'),
        'orders': ref('int_orders_gated'),
        'subscriptions': ref('int_subscriptions_gated'),
        'exchange_rates': ref('int_exchange_rates_gated'),
    }) }}
)

select * from judged
