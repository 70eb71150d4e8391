with staged as (
    select * from {{ ref('stg_helpdesk__teams') }}
),

judged as (
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
