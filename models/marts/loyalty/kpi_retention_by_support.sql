with customer_periods as (
    select * from {{ ref('int_customer_periods') }}
    where is_active_at_start
),

tickets as (
    select
        customer_id,
        {{ reporting_date('created_at') }} as created_on
    from {{ ref('fct_tickets') }}
    where customer_id is not null
),

answers as (
    select
        *,
        {{ reporting_date('responded_at') }} as responded_on
    from {{ ref('int_effort_answers') }}
),

ticket_periods as (
    {%- for grain in ['month', 'quarter', 'year'] %}
    select
        customer_id,
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'created_on') }} as period_start
    from tickets
    group by customer_id, {{ period_start(grain, 'created_on') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

answer_periods as (
    {%- for grain in ['month', 'quarter', 'year'] %}
    select
        customer_id,
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'responded_on') }} as period_start,
        effort_band,
        row_number() over (
            partition by customer_id, {{ period_start(grain, 'responded_on') }}
            order by responded_at desc, {{ bytewise('response_id') }} desc
        ) as rank_from_last
    from answers
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

grouped as (
    select
        customer_periods.period_grain,
        customer_periods.period_start,
        case when ticket_periods.customer_id is not null then 'had_ticket' else 'no_ticket' end as support_group,
        customer_periods.is_active_at_end
    from customer_periods
    left join ticket_periods
        on
            customer_periods.customer_id = ticket_periods.customer_id
            and customer_periods.period_grain = ticket_periods.period_grain
            and customer_periods.period_start = ticket_periods.period_start
    union all
    select
        customer_periods.period_grain,
        customer_periods.period_start,
        answer_periods.effort_band as support_group,
        customer_periods.is_active_at_end
    from customer_periods
    inner join answer_periods
        on
            customer_periods.customer_id = answer_periods.customer_id
            and customer_periods.period_grain = answer_periods.period_grain
            and customer_periods.period_start = answer_periods.period_start
    where answer_periods.rank_from_last = 1
),

totals as (
    select
        period_grain,
        period_start,
        support_group,
        count(*) as customers_count,
        sum(case when is_active_at_end then 1 else 0 end) as retained_count
    from grouped
    group by period_grain, period_start, support_group
),

retention_by_support as (
    select
        {{ stable_key(['period_grain', 'period_start', 'support_group']) }} as retention_by_support_id,
        period_grain,
        period_start,
        support_group,
        customers_count,
        retained_count,
        {{ as_double('retained_count') }} / customers_count as retention_rate,
        {{ wilson_bound('retained_count', 'customers_count', 'low') }} as interval_low,
        {{ wilson_bound('retained_count', 'customers_count', 'high') }} as interval_high,
        customers_count < {{ smallest_sample() }} as is_small_sample
    from totals
),

typed as (
    {{ select_as_contracted('kpi_retention_by_support', 'retention_by_support') | indent(4) }}
)

select * from typed
