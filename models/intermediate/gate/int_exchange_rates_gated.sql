with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__exchange_rates') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('exchange_rates') }} as defect
    from staged
),

{{ settle_versions('exchange_rates', 'judged') }}

gated as (
    {{ gate_result('exchange_rates', 'versions') | indent(4) }}
)

select * from gated
