{%- set rules = [
    {
        'reason': 'negative_target',
        'when': 'staged.target_minutes < 0',
        'detail': "'target_minutes is negative: ' || " ~ as_text('staged.raw_target_minutes'),
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__sla_policies') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('sla_policies', rules) }} as defect
    from staged
),

{{ settle_versions('sla_policies', 'judged') }}

gated as (
    {{ gate_result('sla_policies', 'versions') | indent(4) }}
)

select * from gated
