with months as (
    select * from {{ ref('int_customer_periods') }}
    where period_grain = 'month'
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

tickets_created as (
    select
        customer_id,
        {{ period_start('month', reporting_date('created_at')) }} as month_start,
        count(*) as tickets_created_count
    from tickets
    where customer_id is not null
    group by customer_id, {{ period_start('month', reporting_date('created_at')) }}
),

customer_months as (
    select
        {{ stable_key(['months.customer_id', 'months.period_start']) }} as customer_month_id,
        months.customer_id,
        months.period_start as month_start,
        months.is_active_at_start,
        months.is_active_at_end,
        months.amount_at_start,
        months.amount_at_end,
        coalesce(tickets_created.tickets_created_count, 0) as tickets_created_count
    from months
    left join tickets_created
        on
            months.customer_id = tickets_created.customer_id
            and months.period_start = tickets_created.month_start
),

typed as (
    {{ select_as_contracted('fct_customer_months', 'customer_months') | indent(4) }}
)

select * from typed
