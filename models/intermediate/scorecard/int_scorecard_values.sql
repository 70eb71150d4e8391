{{ config(materialized=light_view()) }}

-- The values of all KPIs, from whichever model makes them, with small groups of employees hidden.
with kpi_values as (
    select * from {{ ref('int_kpi_values') }}
    union all
    select * from {{ ref('int_kpi_values_by_model') }}
    union all
    select * from {{ ref('int_occupancy_values') }}
),

hidden as (
    select
        measure,
        period_grain,
        {{ safe_date('period_key') }} as period_start,
        dimension,
        member_id
    from {{ ref('int_employee_groups_hidden') }}
    where period_grain <> 'wave'
),

shown as (
    select
        kpi_values.kpi_key,
        kpi_values.period_grain,
        kpi_values.period_start,
        kpi_values.dimension,
        kpi_values.member_id,
        hidden.member_id is not null as is_suppressed,
        {%- for column in ['kpi_value', 'numerator', 'denominator', 'sample_size', 'deviation', 'interval_low', 'interval_high'] %}
        case when hidden.member_id is null then kpi_values.{{ column }} end as {{ column }}{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from kpi_values
    left join hidden
        on
            -- Of all rows only those of employees look for a group.
            case when kpi_values.kpi_key in ('esat_score', 'enps') then kpi_values.kpi_key end = hidden.measure
            and kpi_values.period_grain = hidden.period_grain
            and kpi_values.period_start = hidden.period_start
            and kpi_values.dimension = hidden.dimension
            and kpi_values.member_id = hidden.member_id
)

select * from shown
