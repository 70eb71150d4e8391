with paths as (
    select * from {{ ref('int_business_unit_paths') }}
),

typed as (
    {{ select_as_contracted('dim_business_units', 'paths') | indent(4) }}
)

select * from typed
