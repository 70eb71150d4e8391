{%- set rules = [
    {
        'reason': 'rate_out_of_range',
        'when': 'abs(staged.rate) >= 10000000000',
        'detail': "'a rate of ten thousand million or more is none: ' || " ~ as_text('staged.raw_rate'),
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__exchange_rates') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('exchange_rates', rules) }} as defect
    from staged
),

{{ settle_versions('exchange_rates', 'judged') }}

gated as (
    {{ gate_result('exchange_rates', 'versions') | indent(4) }}
)

select * from gated
