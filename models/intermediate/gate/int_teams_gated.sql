with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__teams') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('teams') }} as defect
    from staged
),

{{ settle_versions('teams', 'judged') }}

gated as (
    {{ gate_result('teams', 'versions') | indent(4) }}
)

select * from gated
