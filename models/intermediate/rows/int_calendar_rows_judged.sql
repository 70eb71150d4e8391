with judged as (
    {{ rows_judged({
        'schedules': ref('int_schedules_gated'),
        'schedule_hours': ref('int_schedule_hours_gated'),
        'holidays': ref('int_holidays_gated'),
        'sla_policies': ref('int_sla_policies_gated'),
    }) }}
)

select * from judged
