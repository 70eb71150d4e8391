{{ config(materialized=light_view()) }}

-- Everything that is counted but tickets (see int_ticket_cells), in one shape: measure, local date, members of the dimensions in
-- force, whole-number amount. The scope says which dimensions an observation has (see scorecard_dimensions).
with observations as (
    select * from {{ ref('int_contact_observations') }}
    union all
    select * from {{ ref('int_survey_observations') }}
    union all
    select * from {{ ref('int_order_observations') }}
    union all
    select * from {{ ref('int_employee_observations') }}
    union all
    select * from {{ ref('int_sla_observations') }}
)

select * from observations
