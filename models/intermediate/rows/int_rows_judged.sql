with judged as (
    select * from {{ ref('int_ticket_rows_judged') }}
    union all
    select * from {{ ref('int_survey_rows_judged') }}
    union all
    select * from {{ ref('int_organisation_rows_judged') }}
    union all
    select * from {{ ref('int_commerce_rows_judged') }}
    union all
    select * from {{ ref('int_calendar_rows_judged') }}
)

select * from judged
