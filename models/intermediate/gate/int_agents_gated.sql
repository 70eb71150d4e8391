with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__agents') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('agents') }} as defect
    from staged
),

{{ settle_versions('agents', 'judged') }}

gated as (
    {{ gate_result('agents', 'versions') | indent(4) }}
)

select * from gated
