with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__accounts') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('accounts') }} as defect
    from staged
),

{{ settle_versions('accounts', 'judged') }}

gated as (
    {{ gate_result('accounts', 'versions') | indent(4) }}
)

select * from gated
