with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__customers') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('customers') }} as defect
    from staged
),

{{ settle_versions('customers', 'judged') }}

gated as (
    {{ gate_result('customers', 'versions') | indent(4) }}
)

select * from gated
