with definitions as (
    select * from {{ ref('kpi_definitions') }}
),

measured as (
    select distinct kpi_key
    from {{ ref('kpi_scorecard') }}
),

catalogued as (
    select
        definitions.kpi_key,
        definitions.kpi_name,
        definitions.area,
        definitions.description,
        definitions.formula,
        definitions.caveat,
        definitions.unit,
        definitions.direction,
        definitions.interval_method,
        definitions.anchor,
        definitions.owner,
        measured.kpi_key is not null as is_available,
        case
            when measured.kpi_key is not null then null
            when definitions.statistic is null then 'Not computed yet: its definition stands, the model comes with a later version.'
            else 'The input holds nothing to measure it by: it needs ' || definitions.needs || '.'
        end as unavailable_reason,
        definitions.headline_rank
    from definitions
    left join measured on definitions.kpi_key = measured.kpi_key
),

typed as (
    {{ select_as_contracted('kpi_catalog', 'catalogued') | indent(4) }}
)

select * from typed
