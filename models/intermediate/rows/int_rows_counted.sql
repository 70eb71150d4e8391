with counted as (
    select * from {{ ref('int_ticket_rows_counted') }}
    union all
    select * from {{ ref('int_survey_rows_counted') }}
    union all
    select * from {{ ref('int_organisation_rows_counted') }}
    union all
    select * from {{ ref('int_commerce_rows_counted') }}
    union all
    select * from {{ ref('int_calendar_rows_counted') }}
)

select * from counted
