{%- set rules = [
    time_out_of_range_rule('ordered_at'),
    after_loading_rule('ordered_at'),
    {
        'reason': 'missing_exchange_rate',
        'when': "not " ~ is_reporting_currency('staged.currency') ~ " and coalesce(first_rates.first_rate_on > " ~ reporting_date('staged.ordered_at') ~ ', true)',
        'detail': "'no exchange rate on or before the day of the order for ' || staged.currency",
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__orders') }}
),

first_rates as (
    select
        currency,
        min(rate_on) as first_rate_on
    from {{ ref('int_exchange_rates_gated') }}
    where verdict = 'accepted'
    group by currency
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('orders', rules) }} as defect
    from staged
    left join first_rates on staged.currency = first_rates.currency
),

{{ settle_versions('orders', 'judged') }}

gated as (
    {{ gate_result('orders', 'versions') | indent(4) }}
)

select * from gated
