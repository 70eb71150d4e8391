{{ config(materialized=light_view()) }}

-- Everything that adds up, in cells of all dimensions that a dashboard filters by: one row a measure, local date and cell.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

{{ tickets_in_cells(joint_cells()) }},

-- Employees' answers are left out: cut this finely they could be traced to people. A survey without a ticket has no team, channel or
-- priority, and interactions do not add up by channel: not_cut keeps such rows out of every selection by them.
{%- set kept = ['observed_on'] + cell_columns(joint_cells()) %}
{%- for model, measures in observed_measures().items() if model != 'int_employee_observations' %}

{{ model }} as (
    select
        observed_on,
        business_unit_id,
        case when scope = 'customer' then 'not_cut' else team_id end as team_id,
        case when scope in ('customer', 'all_but_channel') then 'not_cut' else channel end as channel,
        case when scope = 'customer' then 'not_cut' else priority end as priority,
        {{ measures | join(',\n        ') }}
    from {{ ref(model) }}
    where scope in ('ticket', 'all_but_channel', 'customer')
),

{{ model }}_counted as (
    {{ count_in_cells(model, measures, cells=joint_cells(), flags=measures_of_kind(measures, 'flag'), money=measures_of_kind(measures, 'money')) | indent(4) }}
),
{%- endfor %}

counted as (
    {%- for model, measures in observed_measures().items() if model != 'int_employee_observations' %}
    {{ measures_in_rows(model ~ '_counted', measures, kept) }}
    union all
    {%- endfor %}
    select
        measure,
        observed_on,
        business_unit_id,
        team_id,
        case when scope = 'all_but_channel' then 'not_cut' else channel end as channel,
        priority,
        observations_count,
        total,
        squares
    from cells
),

added as (
    select
        measure,
        observed_on,
        business_unit_id,
        team_id,
        channel,
        priority,
        observations_count,
        total
    from counted
)

select * from added
