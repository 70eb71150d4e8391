-- One row a KPI, day and cell of all dimensions that a dashboard filters by: the parts of which any selection's figure is made.
with counted as (
    select * from {{ ref('int_kpi_joint_cells') }}
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
