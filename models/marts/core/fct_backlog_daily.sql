with steps as (
    select * from {{ ref('int_backlog_steps') }}
),

ages as (
    select * from {{ ref('int_backlog_ages') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as last_day
    from {{ ref('int_as_of') }}
),

dates as (
    select date_day from {{ ref('dim_dates') }}
),

-- What a step brings to the place where the ticket is after it, and what it takes from the place where it was before.
moves as (
    select
        {{ reporting_date('stepped_at') }} as date_day,
        team_id,
        priority,
        created_count,
        reopened_count,
        transferred_count as transferred_in_count,
        resolved_count,
        0 as transferred_out_count
    from steps
    union all
    select
        {{ reporting_date('stepped_at') }} as date_day,
        previous_team_id as team_id,
        previous_priority as priority,
        0 as created_count,
        0 as reopened_count,
        0 as transferred_in_count,
        0 as resolved_count,
        transferred_count as transferred_out_count
    from steps
    where transferred_count > 0
),

daily as (
    select
        date_day,
        coalesce(team_id, '') as team_key,
        coalesce(priority, '') as priority_key,
        sum(created_count) as created_count,
        sum(reopened_count) as reopened_count,
        sum(transferred_in_count) as transferred_in_count,
        sum(resolved_count) as resolved_count,
        sum(transferred_out_count) as transferred_out_count
    from moves
    group by date_day, coalesce(team_id, ''), coalesce(priority, '')
),

places as (
    select
        team_key,
        priority_key,
        min(date_day) as first_day
    from daily
    group by team_key, priority_key
),

days as (
    select
        dates.date_day,
        places.team_key,
        places.priority_key
    from places
    inner join dates on places.first_day <= dates.date_day
    cross join as_of
    where dates.date_day <= as_of.last_day
),

filled as (
    select
        days.date_day,
        days.team_key,
        days.priority_key,
        coalesce(daily.created_count, 0) as created_count,
        coalesce(daily.reopened_count, 0) as reopened_count,
        coalesce(daily.transferred_in_count, 0) as transferred_in_count,
        coalesce(daily.resolved_count, 0) as resolved_count,
        coalesce(daily.transferred_out_count, 0) as transferred_out_count
    from days
    left join daily
        on
            days.date_day = daily.date_day
            and days.team_key = daily.team_key
            and days.priority_key = daily.priority_key
),

closed as (
    select
        *,
        sum(created_count + reopened_count + transferred_in_count - resolved_count - transferred_out_count) over (
            partition by team_key, priority_key
            order by date_day
            rows between unbounded preceding and current row
        ) as closing_count
    from filled
),

opened as (
    select
        *,
        lag(closing_count, 1, 0) over (partition by team_key, priority_key order by date_day) as opening_count
    from closed
),

-- A place is there on the days on which something is open in it or happens.
backlog as (
    select
        {{ stable_key(['opened.date_day', 'opened.team_key', 'opened.priority_key']) }} as backlog_daily_id,
        opened.date_day,
        nullif(opened.team_key, '') as team_id,
        nullif(opened.priority_key, '') as priority,
        opened.opening_count,
        opened.created_count,
        opened.reopened_count,
        opened.transferred_in_count,
        opened.resolved_count,
        opened.transferred_out_count,
        opened.closing_count,
        ages.open_age_seconds_median,
        ages.open_age_seconds_p90
    from opened
    left join ages
        on
            opened.date_day = ages.date_day
            and opened.team_key = coalesce(ages.team_id, '')
            and opened.priority_key = coalesce(ages.priority, '')
    where
        opened.opening_count > 0
        or opened.created_count > 0
        or opened.reopened_count > 0
        or opened.transferred_in_count > 0
        or opened.resolved_count > 0
        or opened.transferred_out_count > 0
),

typed as (
    {{ select_as_contracted('fct_backlog_daily', 'backlog') | indent(4) }}
)

select * from typed
