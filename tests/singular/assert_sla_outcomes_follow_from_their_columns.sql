-- Protects the outcome of every promise: met, breached and running are told apart by the row's own instants and seconds, and no
-- row fits two of them.
with outcomes as (
    select * from {{ ref('fct_sla_outcomes') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        outcomes.*,
        as_of.as_of,
        outcomes.ends_at is not null
        and outcomes.elapsed_seconds <= outcomes.target_seconds
        and outcomes.decided_at = outcomes.ends_at as looks_met,
        coalesce(outcomes.elapsed_seconds > outcomes.target_seconds, true)
        and coalesce(outcomes.decided_at = outcomes.due_at, false)
        and outcomes.due_at <= as_of.as_of as looks_breached,
        outcomes.ends_at is null
        and outcomes.decided_at is null
        and outcomes.elapsed_seconds is null as looks_running
    from outcomes
    cross join as_of
)

select *
from judged
where
    (outcome = 'met') <> coalesce(looks_met, false)
    or (outcome = 'breached') <> coalesce(looks_breached, false)
    or (outcome = 'running') <> coalesce(looks_running, false)
    or starts_at > coalesce(ends_at, as_of)
    or due_at < starts_at
    or (clock = 'calendar' and elapsed_seconds <> {{ seconds_between('starts_at', 'ends_at') }})
