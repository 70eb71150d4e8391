{{ config(materialized='view') }}

{%- set ranked = ranked_ticket_measures() -%}
-- The observations of tickets of which a median or a percentile is published: one row a ticket and measure.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

observations as (
    {%- for one in ranked %}
    {{ observe('tickets', one.measure, one.observed_at, one.amount, one.team_id, one.agent_id, one.amount ~ ' is not null') | indent(4) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from observations
