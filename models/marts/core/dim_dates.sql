-- Whole years, from the first instant of the data to as_of. Counts up from the first day: no engine's series function is needed.
with bounds as (
    select
        {{ period_start('year', reporting_date('first_instant')) }} as first_day,
        {{ period_start('year', reporting_date('as_of')) }} as last_year
    from {{ ref('int_as_of') }}
),

digits as (
    {%- for digit in range(10) %}
    select {{ digit }} as digit
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

numbers as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * myriads.digit as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as myriads
),

days as (
    select
        {{ add_days('bounds.first_day', 'numbers.day_number') }} as date_day,
        bounds.last_year
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
    where {{ period_start('year', 'date_day') }} <= last_year
),

typed as (
    {{ select_as_contracted('dim_dates', 'described') | indent(4) }}
)

select * from typed
