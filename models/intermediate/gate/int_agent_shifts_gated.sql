{%- set rules = [
    {
        'reason': 'end_before_start',
        'when': 'staged.ends_at < staged.starts_at',
        'detail': "'the shift ends before it starts: ' || " ~ as_text('staged.raw_ends_at'),
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__agent_shifts') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('agent_shifts', rules) }} as defect
    from staged
),

{{ settle_versions('agent_shifts', 'judged') }}

gated as (
    {{ gate_result('agent_shifts', 'versions') | indent(4) }}
)

select * from gated
