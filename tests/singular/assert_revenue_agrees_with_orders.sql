-- Protects the revenue KPIs and the repeat purchase rate of the scorecard: every period's sums and customers, counted anew from fct_orders.
with orders as (
    select
        customer_id,
        net_amount,
        is_repeat_purchase,
        influencing_ticket_id,
        {{ reporting_date('ordered_at') }} as ordered_on
    from {{ ref('fct_orders') }}
),

counted as (
    {%- for grain in period_grains() %}
    select
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'ordered_on') }} as period_start,
        sum(net_amount) as revenue,
        sum(case when influencing_ticket_id is not null then net_amount end) as influenced_revenue,
        count(distinct customer_id) as buyers_count,
        count(distinct case when is_repeat_purchase then customer_id end) as repeaters_count
    from orders
    group by {{ period_start(grain, 'ordered_on') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

published as (
    select
        period_grain,
        period_start,
        max(case when kpi_key = 'revenue' then value end) as revenue,
        max(case when kpi_key = 'support_influenced_revenue' then value end) as influenced_revenue,
        max(case when kpi_key = 'repeat_purchase_rate' then denominator end) as buyers_count,
        max(case when kpi_key = 'repeat_purchase_rate' then numerator end) as repeaters_count
    from {{ ref('kpi_scorecard') }}
    where
        dimension = 'all'
        and kpi_key in ('revenue', 'support_influenced_revenue', 'repeat_purchase_rate')
    group by period_grain, period_start
)

select
    counted.*,
    published.revenue as published_revenue,
    published.influenced_revenue as published_influenced_revenue,
    published.buyers_count as published_buyers_count,
    published.repeaters_count as published_repeaters_count
from counted
full outer join published
    on
        counted.period_grain = published.period_grain
        and counted.period_start = published.period_start
where
    counted.period_grain is null
    or published.period_grain is null
    -- The published sums are doubles: fourteen digits of them hold.
    or abs({{ as_double('counted.revenue') }} - published.revenue) > 1e-14 * abs(published.revenue) + 1e-9
    or abs(coalesce({{ as_double('counted.influenced_revenue') }}, 0) - coalesce(published.influenced_revenue, 0))
    > 1e-14 * abs(coalesce(published.influenced_revenue, 0)) + 1e-9
    or counted.buyers_count <> published.buyers_count
    or counted.repeaters_count <> published.repeaters_count
