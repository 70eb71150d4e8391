with cohorts as (
    select * from {{ ref('int_customer_cohorts') }}
),

boundaries as (
    select
        month_number,
        boundary_on
    from {{ ref('int_activity_boundaries') }}
),

active as (
    select * from {{ ref('int_customers_active') }}
),

coverage as (
    select is_by_subscription
    from {{ ref('int_activity_coverage') }}
),

sizes as (
    select
        cohort_month,
        cohort_month_number,
        count(*) as customers_count,
        case when count(first_amount) = count(*) then sum(first_amount) end as first_amount
    from cohorts
    group by cohort_month, cohort_month_number
),

still_active as (
    select
        cohorts.cohort_month,
        active.boundary_on,
        count(*) as retained_count,
        case when count(active.amount) = count(*) then sum(active.amount) end as amount
    from cohorts
    inner join active on cohorts.customer_id = active.customer_id
    group by cohorts.cohort_month, active.boundary_on
),

ages as (
    -- At age 0 the cohort is whole by definition; after that, midnight by midnight at which a month begins.
    select
        sizes.cohort_month,
        0 as age_months,
        sizes.customers_count,
        sizes.customers_count as retained_count,
        sizes.first_amount as amount
    from sizes
    union all
    select
        sizes.cohort_month,
        boundaries.month_number - sizes.cohort_month_number as age_months,
        sizes.customers_count,
        coalesce(still_active.retained_count, 0) as retained_count,
        case
            when still_active.retained_count is not null then still_active.amount
            when coverage.is_by_subscription then 0
        end as amount
    from sizes
    cross join coverage
    inner join boundaries on sizes.cohort_month_number < boundaries.month_number
    left join still_active
        on
            sizes.cohort_month = still_active.cohort_month
            and boundaries.boundary_on = still_active.boundary_on
),

retention_cohorts as (
    select
        {{ stable_key(['cohort_month', 'age_months']) }} as retention_cohort_id,
        cohort_month,
        age_months,
        customers_count,
        retained_count,
        {{ as_double('retained_count') }} / customers_count as retention_rate,
        amount,
        {{ wilson_bound('retained_count', 'customers_count', 'low') }} as interval_low,
        {{ wilson_bound('retained_count', 'customers_count', 'high') }} as interval_high
    from ages
),

typed as (
    {{ select_as_contracted('kpi_retention_cohorts', 'retention_cohorts') | indent(4) }}
)

select * from typed
