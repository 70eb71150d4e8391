{%- set rules = [
    {
        'reason': 'end_before_start',
        'when': 'staged.ended_on < staged.started_on',
        'detail': "'the subscription ends before it starts: ' || " ~ as_text('staged.raw_ended_on'),
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__subscriptions') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('subscriptions', rules) }} as defect
    from staged
),

{{ settle_versions('subscriptions', 'judged') }}

gated as (
    {{ gate_result('subscriptions', 'versions') | indent(4) }}
)

select * from gated
