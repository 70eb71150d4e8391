{{ config(materialized=light_view()) }}

-- One row a promise to a countable ticket (see int_sla_clocks) with its outcome at as_of. Each is measured by its own clock: met if
-- done within the target, breached once more than the target has gone by, else running.
with clocks as (
    select * from {{ ref('int_sla_clocks') }}
),

calendar as (
    select * from {{ ref('int_business_calendar') }}
),

openings as (
    select * from {{ ref('int_business_openings') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

timed as (
    select
        clocks.*,
        coalesce(clocks.stopped_at, as_of.as_of) as measured_at
    from clocks
    cross join as_of
),

measured as (
    select
        timed.*,
        {{ open_seconds_until('at_start', 'timed.starts_at') }} + timed.target_seconds as open_seconds_at_due,
        case
            when timed.clock = 'calendar' then {{ seconds_between('timed.starts_at', 'timed.measured_at') }}
            else {{ open_seconds_until('at_end', 'timed.measured_at') }} - {{ open_seconds_until('at_start', 'timed.starts_at') }}
        end as measured_seconds
    from timed
    left join calendar as at_start
        on
            {{ holds_instant('at_start', 'timed.schedule_id', 'timed.starts_at') }}
    left join calendar as at_end
        on
            {{ holds_instant('at_end', 'timed.schedule_id', 'timed.measured_at') }}
),

-- The second in which the target is used up lies in one opening; there is none where that is beyond the calendar.
due as (
    select
        measured.*,
        case
            when measured.clock = 'calendar' or measured.target_seconds = 0
                then {{ plus_seconds('measured.starts_at', 'measured.target_seconds') }}
            else {{ plus_seconds('openings.opens_at', 'measured.open_seconds_at_due - openings.open_seconds_before') }}
        end as due_at
    from measured
    left join openings
        on
            measured.schedule_id = openings.schedule_id
            and {{ open_seconds_drawer('measured.open_seconds_at_due - 1') }} = openings.drawer
            and openings.open_seconds_before < measured.open_seconds_at_due
            and measured.open_seconds_at_due <= openings.open_seconds_after
),

judged as (
    select
        *,
        case
            when measured_seconds > target_seconds then 'breached'
            when completed_at is not null then 'met'
            when stopped_at is null then 'running'
        end as outcome
    from due
),

outcomes as (
    select
        ticket_id,
        policy_id,
        metric,
        priority,
        clock,
        target_seconds,
        starts_at,
        stopped_at as ends_at,
        case when stopped_at is not null then measured_seconds end as elapsed_seconds,
        due_at,
        outcome,
        case
            when outcome = 'met' then completed_at
            when outcome = 'breached' then due_at
        end as decided_at
    from judged
    -- A wait that a resolution ended in time was neither kept nor broken.
    where outcome is not null
)

select * from outcomes
