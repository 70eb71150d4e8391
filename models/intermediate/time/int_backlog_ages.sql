-- One row a local day, team and priority with open tickets at the end of the day: how many, and how old they are. The last day
-- ends at as_of.
with steps as (
    select * from {{ ref('int_backlog_steps') }}
    where open_count > 0
),

as_of as (
    select
        as_of,
        {{ reporting_date('as_of') }} as last_day
    from {{ ref('int_as_of') }}
),

calendar_days as (
    select date_day from {{ ref('int_calendar_days') }}
),

days as (
    select
        calendar_days.date_day,
        least({{ reporting_midnight(add_days('calendar_days.date_day', 1)) }}, as_of.as_of) as ends_at
    from calendar_days
    cross join as_of
    where calendar_days.date_day <= as_of.last_day
),

-- A stay in one place counts for the days that end within it.
stays as (
    select
        steps.team_id,
        steps.priority,
        steps.created_at,
        {{ reporting_date('steps.stepped_at') }} as first_day,
        case
            when steps.next_stepped_at is null then as_of.last_day
            else {{ add_days(reporting_date('steps.next_stepped_at'), -1) }}
        end as last_day
    from steps
    cross join as_of
),

ages as (
    select
        days.date_day,
        stays.team_id,
        stays.priority,
        {{ seconds_between('stays.created_at', 'days.ends_at') }} as age_seconds
    from stays
    inner join days
        on
            stays.first_day <= days.date_day
            and days.date_day <= stays.last_day
    where stays.first_day <= stays.last_day
),

summed as (
    select
        date_day,
        team_id,
        priority,
        count(*) as open_count,
        percentile_cont(0.5) within group (order by age_seconds) as open_age_seconds_median,
        percentile_cont(0.9) within group (order by age_seconds) as open_age_seconds_p90
    from ages
    group by date_day, team_id, priority
)

select * from summed
