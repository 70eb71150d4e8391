-- Whole years, from the first instant of the data (or the first subscription) to as_of. Counts back from the last day, so that one absurdly
-- early date cannot push the present out.
with as_of as (
    select * from {{ ref('int_as_of') }}
),

subscriptions as (
    select min(started_on) as first_started_on
    from {{ ref('int_subscriptions_gated') }}
    where verdict = 'accepted'
),

bounds as (
    select
        {{ period_start('year', 'least(' ~ reporting_date('as_of.first_instant') ~ ', coalesce(subscriptions.first_started_on, ' ~ reporting_date('as_of.first_instant') ~ '))') }} as first_day,
        {{ add_days(period_end("'year'", period_start('year', reporting_date('as_of.as_of'))), '-1') }} as last_day
    from as_of
    cross join subscriptions
),

numbers as (
    {{ whole_numbers(5) | indent(4) }}
),

days as (
    select
        {{ add_days('bounds.last_day', '-numbers.number') }} as date_day,
        bounds.first_day
    from bounds
    cross join numbers
),

described as (
    select
        date_day,
        {{ period_start('week', 'date_day') }} as week_start,
        {{ period_start('month', 'date_day') }} as month_start,
        {{ period_start('quarter', 'date_day') }} as quarter_start,
        {{ period_start('year', 'date_day') }} as year_start,
        {{ iso_day_of_week('date_day') }} as iso_day_of_week,
        {{ iso_day_of_week('date_day') }} >= 6 as is_weekend
    from days
    where date_day >= first_day
),

typed as (
    {{ select_as_contracted('dim_dates', 'described') | indent(4) }}
)

select * from typed
