-- One row a KPI, day and cell of all dimensions that a dashboard filters by: the parts of which any selection's figure is made.
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
    {{ count_in_cells(model, measures, cells=joint_cells(), flags=flags_of(measures)) | indent(4) }}
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

teams as (
    select * from {{ ref('dim_teams') }}
),

units as (
    select * from {{ ref('dim_business_units') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
    where statistic in ('count', 'share', 'nps', 'ratio', 'mean', 'sum')
),

-- Members that the input does not know are one.
named as (
    select
        counted.measure,
        counted.observed_on as date_day,
        coalesce(units.business_unit_id, 'unknown') as business_unit_id,
        case when counted.team_id = 'not_cut' then 'not_cut' else coalesce(teams.team_id, 'unknown') end as team_id,
        coalesce(counted.channel, 'unknown') as channel,
        coalesce(counted.priority, 'unknown') as priority,
        sum(counted.observations_count) as observations_count,
        sum(counted.total) as total
    from counted
    left join teams on counted.team_id = teams.team_id
    left join units on counted.business_unit_id = units.business_unit_id
    group by
        counted.measure,
        counted.observed_on,
        coalesce(units.business_unit_id, 'unknown'),
        case when counted.team_id = 'not_cut' then 'not_cut' else coalesce(teams.team_id, 'unknown') end,
        coalesce(counted.channel, 'unknown'),
        coalesce(counted.priority, 'unknown')
),

parts as (
    select
        definitions.kpi_key,
        named.date_day,
        named.business_unit_id,
        named.team_id,
        named.channel,
        named.priority,
        case
            when definitions.statistic = 'count' then {{ as_double('named.observations_count') }}
            when definitions.statistic in ('share', 'nps', 'ratio') then {{ as_double('named.total') }}
            else
                {{ as_double('definitions.unit_offset') }} * named.observations_count
                + {{ as_double('definitions.unit_factor') }} / {{ as_double('definitions.unit_divisor') }} * {{ as_double('named.total') }}
        end as numerator,
        case when definitions.statistic in ('share', 'nps', 'ratio', 'mean') then {{ as_double('named.observations_count') }} end as denominator,
        named.observations_count as sample_size,
        case when definitions.statistic = 'nps' then {{ as_double('definitions.unit_factor') }} else {{ as_double('1') }} end as factor
    from named
    inner join definitions on named.measure = definitions.measure
),

typed as (
    {{ select_as_contracted('kpi_parts', 'parts') | indent(4) }}
)

select * from typed
