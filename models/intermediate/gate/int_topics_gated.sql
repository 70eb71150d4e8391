with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__topics') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('topics') }} as defect
    from staged
),

{{ settle_versions('topics', 'judged') }}

gated as (
    {{ gate_result('topics', 'versions') | indent(4) }}
)

select * from gated
