with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__kb_articles') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('kb_articles') }} as defect
    from staged
),

{{ settle_versions('kb_articles', 'judged') }}

gated as (
    {{ gate_result('kb_articles', 'versions') | indent(4) }}
)

select * from gated
