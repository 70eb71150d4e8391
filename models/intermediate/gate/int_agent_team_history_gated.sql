with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__agent_team_history') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('agent_team_history') }} as defect
    from staged
),

{{ settle_versions('agent_team_history', 'judged') }}

gated as (
    {{ gate_result('agent_team_history', 'versions') | indent(4) }}
)

select * from gated
