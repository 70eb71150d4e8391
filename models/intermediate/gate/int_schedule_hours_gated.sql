{%- set clock_time = '([01][0-9]|2[0-3]):[0-5][0-9]' -%}
{%- set rules = [
    {
        'reason': 'invalid_opening_hours',
        'when': 'staged.day_of_week not between 1 and 7',
        'detail': "'day_of_week is no ISO day (1 Monday to 7 Sunday): ' || " ~ as_text('staged.raw_day_of_week'),
    },
    {
        'reason': 'invalid_opening_hours',
        'when': 'not ' ~ matches('staged.opens_at', clock_time) ~ ' or not (' ~ matches('staged.closes_at', clock_time) ~ " or staged.closes_at = '24:00')",
        'detail': "'opens_at or closes_at is no local HH:MM: ' || staged.opens_at || ' to ' || staged.closes_at",
    },
    {
        'reason': 'invalid_opening_hours',
        'when': 'staged.closes_at <= staged.opens_at',
        'detail': "'the hours do not close later than they open: ' || staged.opens_at || ' to ' || staged.closes_at",
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__schedule_hours') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('schedule_hours', rules) }} as defect
    from staged
),

{{ settle_versions('schedule_hours', 'judged') }}

gated as (
    {{ gate_result('schedule_hours', 'versions') | indent(4) }}
)

select * from gated
