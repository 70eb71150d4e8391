{%- set rules = [
    {
        'reason': 'unknown_time_zone',
        'when': 'time_zones.time_zone is null',
        'detail': "'time_zone is no IANA zone: ' || " ~ as_text('staged.raw_time_zone'),
    },
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__schedules') }}
),

time_zones as (
    select * from {{ ref('time_zones') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('schedules', rules) }} as defect
    from staged
    left join time_zones on staged.time_zone = time_zones.time_zone
),

{{ settle_versions('schedules', 'judged') }}

gated as (
    {{ gate_result('schedules', 'versions') | indent(4) }}
)

select * from gated
