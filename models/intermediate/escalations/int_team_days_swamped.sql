-- One row a team and local day with a load: whether the team was swamped, which is a load above the 90th percentile of the 28 days before.
-- The day itself is not among them. Not known before 28 days have passed, or where fewer than seven of them have a load.
with loads as (
    select * from {{ ref('int_team_loads') }}
),

numbers as (
    {{ whole_numbers(2) | indent(4) }}
),

begun as (
    select
        team_id,
        min(date_day) as first_day
    from loads
    group by team_id
),

-- Each day speaks in the windows of the 28 days after it.
spoken as (
    select
        loads.team_id,
        {{ add_days('loads.date_day', 'numbers.number') }} as date_day,
        loads.open_per_agent
    from loads
    cross join numbers
    where numbers.number between 1 and 28
),

windows as (
    select
        team_id,
        date_day,
        count(*) as days_count,
        {{ sorted_values('open_per_agent') }} as past_loads
    from spoken
    group by team_id, date_day
),

limits as (
    select
        team_id,
        date_day,
        days_count,
        {{ quantile_of('past_loads', 'days_count', '0.9') }} as load_limit
    from windows
),

judged as (
    select
        loads.team_id,
        loads.date_day,
        loads.open_per_agent,
        limits.load_limit,
        limits.days_count,
        case
            when limits.days_count >= 7 and {{ add_days('loads.date_day', '-28') }} >= begun.first_day
                then loads.open_per_agent > limits.load_limit
        end as is_swamped
    from loads
    inner join begun on loads.team_id = begun.team_id
    left join limits
        on
            loads.team_id = limits.team_id
            and loads.date_day = limits.date_day
)

select * from judged
