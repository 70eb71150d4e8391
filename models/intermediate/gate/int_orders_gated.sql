{%- set rules = [
    after_loading_rule('ordered_at'),
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__orders') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('orders', rules) }} as defect
    from staged
),

{{ settle_versions('orders', 'judged') }}

first_rates as (
    select
        currency,
        min(rate_on) as first_rate_on
    from {{ ref('int_exchange_rates_gated') }}
    where verdict = 'accepted'
    group by currency
),

settled as (
    {{ reject_winners('orders', [
        {
            'reason': 'missing_exchange_rate',
            'when': "versions.currency <> '" ~ setting('reporting_currency') ~ "' and coalesce(first_rates.first_rate_on > " ~ reporting_date('versions.ordered_at') ~ ', true)',
            'detail': "'no exchange rate on or before the day of the order for ' || versions.currency",
        },
    ], 'left join first_rates on versions.currency = first_rates.currency') | indent(4) }}
),

gated as (
    {{ gate_result('orders', 'settled') | indent(4) }}
)

select * from gated
