-- One row an agent and local day on which the agent was on shift, with the seconds of the shifts that lie within that day.
with stretches as (
    select * from {{ ref('int_shift_stretches') }}
),

dates as (
    select
        date_day,
        {{ reporting_midnight('date_day') }} as starts_at,
        {{ reporting_midnight(add_days('date_day', '1')) }} as ends_at
    from {{ ref('dim_dates') }}
),

placed as (
    select
        agent_id,
        starts_at,
        ends_at,
        {{ reporting_date('starts_at') }} as first_day,
        {{ reporting_date('ends_at') }} as last_day
    from stretches
),

-- A night shift has a piece on each of its days.
pieces as (
    select
        placed.agent_id,
        dates.date_day,
        greatest(placed.starts_at, dates.starts_at) as starts_at,
        least(placed.ends_at, dates.ends_at) as ends_at
    from placed
    inner join dates
        on
            placed.first_day <= dates.date_day
            and dates.date_day <= placed.last_day
),

days as (
    select
        agent_id,
        date_day,
        min(starts_at) as first_on_shift_at,
        cast(sum({{ seconds_between('starts_at', 'ends_at') }}) as {{ dbt.type_bigint() }}) as shift_seconds
    from pieces
    where starts_at < ends_at
    group by agent_id, date_day
)

select * from days
