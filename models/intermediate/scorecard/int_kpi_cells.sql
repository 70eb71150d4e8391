{{ config(materialized=light_view()) }}

-- Everything that is counted, in cells: one row a measure, scope, local date and cell (see count_in_cells).
with observations as (
    select * from {{ ref('int_kpi_observations') }}
),

counted as (
    {{ count_in_cells('observations', ['amount'], keys=['measure', 'scope']) | indent(4) }}
),

cells as (
    select
        measure,
        scope,
        observed_on,
        cell,
        {{ cell_columns() | join(',\n        ') }},
        count_amount as observations_count,
        total_amount as total,
        squares_amount as squares
    from counted
    union all
    select * from {{ ref('int_ticket_cells') }}
)

select * from cells
