-- The local midnights at which months begin, as far as the input says who was active then.
with coverage as (
    select
        *,
        coalesce(first_started_on, {{ reporting_date('first_window_ended_at') }}) as first_date
    from {{ ref('int_activity_coverage') }}
),

bounds as (
    select
        *,
        {{ month_number('first_date') }} as first_month_number,
        {{ month_number('as_of_date') }} as last_month_number
    from coverage
),

numbers as (
    {{ whole_numbers(5) | indent(4) }}
),

months as (
    select
        bounds.is_by_subscription,
        bounds.first_started_on,
        bounds.first_window_ended_at,
        bounds.as_of_date,
        bounds.first_month_number + numbers.number as month_number
    from bounds
    cross join numbers
    where bounds.first_month_number + numbers.number <= bounds.last_month_number
),

dated as (
    select
        *,
        {{ first_of_month('month_number') }} as boundary_on
    from months
),

boundaries as (
    select
        month_number,
        boundary_on,
        {{ reporting_midnight('boundary_on') }} as boundary_at,
        is_by_subscription,
        first_started_on,
        first_window_ended_at
    from dated
    where boundary_on <= as_of_date
),

covered as (
    select
        month_number,
        boundary_on,
        boundary_at,
        is_by_subscription
    from boundaries
    where
        case
            when is_by_subscription then boundary_on >= first_started_on
            else boundary_at >= first_window_ended_at
        end
)

select * from covered
