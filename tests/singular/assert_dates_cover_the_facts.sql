-- Protects every KPI by period, which reads its days from dim_dates: the days follow one another without a gap, and each day on
-- which a ticket, an interaction, an answer or an order lies is there.
with dates as (
    select * from {{ ref('dim_dates') }}
),

facts as (
    select {{ reporting_date('created_at') }} as date_day
    from {{ ref('fct_tickets') }}
    union all
    select {{ reporting_date('started_at') }} as date_day
    from {{ ref('fct_interactions') }}
    union all
    select {{ reporting_date('responded_at') }} as date_day
    from {{ ref('fct_survey_responses') }}
    where responded_at is not null
    union all
    select {{ reporting_date('ordered_at') }} as date_day
    from {{ ref('fct_orders') }}
),

problems as (
    select
        'a fact lies on a day that is not there' as problem,
        facts.date_day
    from facts
    left join dates on facts.date_day = dates.date_day
    where dates.date_day is null
    union all
    select
        'a day is missing after this one' as problem,
        dates.date_day
    from dates
    left join dates as next_dates on {{ add_days('dates.date_day', '1') }} = next_dates.date_day
    where
        next_dates.date_day is null
        and dates.date_day <> (select max(last_dates.date_day) from dates as last_dates)
)

select * from problems
