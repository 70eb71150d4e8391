-- Protects the retention KPIs of the scorecard: added up anew from fct_customer_months, whose first and last month of a period
-- hold its two last_months.
with months as (
    select * from {{ ref('fct_customer_months') }}
),

scorecard as (
    select * from {{ ref('kpi_scorecard') }}
    where
        dimension = 'all'
        and kpi_key in ('customer_retention_rate', 'gross_revenue_retention', 'net_revenue_retention')
),

published as (
    select
        period_grain,
        period_start,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        max(case when kpi_key = 'customer_retention_rate' then numerator end) as retained_count,
        max(case when kpi_key = 'customer_retention_rate' then denominator end) as customers_count,
        max(case when kpi_key = 'gross_revenue_retention' then numerator end) as amount_kept,
        max(case when kpi_key = 'net_revenue_retention' then numerator end) as amount_at_end,
        max(case when kpi_key = 'net_revenue_retention' then denominator end) as amount_at_start
    from scorecard
    group by period_grain, period_start
),

customers as (
    select
        published.period_grain,
        published.period_start,
        first_months.amount_at_start,
        coalesce(last_months.is_active_at_end, false) as is_active_at_end,
        -- Who has no row in the last month of a period was not active at its end, and paid nothing.
        case
            when last_months.customer_id is not null then last_months.amount_at_end
            when first_months.amount_at_start is not null then 0
        end as amount_at_end
    from published
    inner join months as first_months on published.period_start = first_months.month_start
    left join months as last_months
        on
            first_months.customer_id = last_months.customer_id
            and cast(published.period_end - interval '1' month as date) = last_months.month_start
    where first_months.is_active_at_start
),

counted as (
    select
        period_grain,
        period_start,
        count(*) as customers_count,
        sum(case when is_active_at_end then 1 else 0 end) as retained_count,
        sum(case when amount_at_start is not null and amount_at_end is not null then amount_at_start end) as amount_at_start,
        sum(case when amount_at_start is not null then amount_at_end end) as amount_at_end,
        sum(
            case when amount_at_start is not null and amount_at_end is not null then least(amount_at_start, amount_at_end) end
        ) as amount_kept
    from customers
    group by period_grain, period_start
)

select
    published.*,
    counted.customers_count as counted_customers,
    counted.retained_count as counted_retained,
    counted.amount_kept as counted_kept,
    counted.amount_at_end as counted_at_end,
    counted.amount_at_start as counted_at_start
from published
left join counted
    on
        published.period_grain = counted.period_grain
        and published.period_start = counted.period_start
where
    coalesce(counted.customers_count, 0) <> published.customers_count
    or coalesce(counted.retained_count, 0) <> published.retained_count
    or coalesce({{ as_double('counted.amount_kept') }}, -1) <> coalesce(published.amount_kept, -1)
    or coalesce({{ as_double('counted.amount_at_end') }}, -1) <> coalesce(published.amount_at_end, -1)
    or coalesce({{ as_double('counted.amount_at_start') }}, -1) <> coalesce(published.amount_at_start, -1)
