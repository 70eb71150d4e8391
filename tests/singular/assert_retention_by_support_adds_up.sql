-- Protects kpi_retention_by_support: customers with and without a ticket are together all customers of the scorecard's retention, and those
-- with an effort band are no more than these.
with groups as (
    select
        period_grain,
        period_start,
        sum(case when support_group in ('had_ticket', 'no_ticket') then customers_count else 0 end) as customers_count,
        sum(case when support_group in ('had_ticket', 'no_ticket') then retained_count else 0 end) as retained_count,
        sum(case when support_group not in ('had_ticket', 'no_ticket') then customers_count else 0 end) as banded_count
    from {{ ref('kpi_retention_by_support') }}
    group by period_grain, period_start
),

retention as (
    select
        period_grain,
        period_start,
        denominator as customers_count,
        numerator as retained_count
    from {{ ref('kpi_scorecard') }}
    where
        kpi_key = 'customer_retention_rate'
        and dimension = 'all'
)

select
    coalesce(groups.period_grain, retention.period_grain) as period_grain,
    coalesce(groups.period_start, retention.period_start) as period_start,
    groups.customers_count,
    retention.customers_count as retention_customers_count
from groups
full outer join retention
    on
        groups.period_grain = retention.period_grain
        and groups.period_start = retention.period_start
where
    groups.period_grain is null
    or retention.period_grain is null
    or groups.customers_count <> retention.customers_count
    or groups.retained_count <> retention.retained_count
    or groups.banded_count > groups.customers_count
