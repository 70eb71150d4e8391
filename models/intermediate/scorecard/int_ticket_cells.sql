{{ config(materialized=light_view()) }}

-- What is counted of tickets, in cells (see count_in_cells).
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

{{ tickets_in_cells() }}

select * from cells
