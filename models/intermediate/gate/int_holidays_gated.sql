with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__holidays') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('holidays') }} as defect
    from staged
),

{{ settle_versions('holidays', 'judged') }}

gated as (
    {{ gate_result('holidays', 'versions') | indent(4) }}
)

select * from gated
