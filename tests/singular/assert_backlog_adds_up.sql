-- Protects the backlog identity: every row closes with what it opened with and what came and went, opens with what the row of the
-- day before closed with (none: 0), no open ticket is left behind by a day without a row, and its ages are of as many tickets.
with backlog as (
    select * from {{ ref('fct_backlog_daily') }}
),

ages as (
    select * from {{ ref('int_backlog_ages') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as last_day
    from {{ ref('int_as_of') }}
),

neighbours as (
    select
        *,
        lag(date_day) over (partition by team_id, priority order by date_day) as previous_day,
        lag(closing_count) over (partition by team_id, priority order by date_day) as previous_closing_count,
        lead(date_day) over (partition by team_id, priority order by date_day) as next_day
    from backlog
),

counted as (
    select
        neighbours.*,
        as_of.last_day,
        coalesce(ages.open_count, 0) as aged_count
    from neighbours
    cross join as_of
    left join ages
        on
            neighbours.date_day = ages.date_day
            and coalesce(neighbours.team_id, '') = coalesce(ages.team_id, '')
            and coalesce(neighbours.priority, '') = coalesce(ages.priority, '')
)

select *
from counted
where
    closing_count <> opening_count + created_count + reopened_count + transferred_in_count - resolved_count - transferred_out_count
    or opening_count <> case
        when previous_day = {{ add_days('date_day', -1) }} then previous_closing_count
        else 0
    end
    or (closing_count > 0 and date_day < last_day and coalesce(next_day <> {{ add_days('date_day', 1) }}, true))
    or closing_count <> aged_count
