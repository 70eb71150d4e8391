-- One row a UTC day of the business calendar: from the day before the first row of the data to well after as_of, because a
-- target in opening hours is used up later than the same by the calendar. The room is 400 days and one more for every hour
-- of the longest such target, ten years at most.
with as_of as (
    select * from {{ ref('int_as_of') }}
),

longest_target as (
    select least(coalesce(max(cast(ceil(target_minutes / 60) as {{ dbt.type_bigint() }})), 0), 3250) as target_hours
    from {{ ref('int_sla_policies_gated') }}
    where
        verdict = 'accepted'
        and clock = 'business'
),

bounds as (
    select
        {{ add_days('cast(as_of.first_instant as date)', -1) }} as first_day,
        {{ add_days('cast(as_of.as_of as date)', '400 + longest_target.target_hours') }} as last_day
    from as_of
    cross join longest_target
),

numbers as (
    {{ whole_numbers(5) | indent(4) }}
),

-- Counted back from the end: where a row is dated centuries ago, it is the far past that has no calendar.
days as (
    select
        {{ add_days('bounds.last_day', '-numbers.number') }} as date_day,
        bounds.first_day
    from bounds
    cross join numbers
),

within as (
    select date_day
    from days
    where date_day >= first_day
)

select * from within
