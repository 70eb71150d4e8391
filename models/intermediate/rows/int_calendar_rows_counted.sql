with counted as (
    {{ rows_counted({
        'schedules': ref('stg_helpdesk__schedules'),
        'schedule_hours': ref('stg_helpdesk__schedule_hours'),
        'holidays': ref('stg_helpdesk__holidays'),
        'sla_policies': ref('stg_helpdesk__sla_policies'),
    }) }}
)

select * from counted
