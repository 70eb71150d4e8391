-- One row a team with shifts and local hour of the week in which somebody of it was on shift within the staffing window: the seconds that its people
-- were there. A stretch is cut at the full hours of the team's own clock, and each piece is placed by that clock anew.
with stretches as (
    select * from {{ ref('int_shift_stretches') }}
),

team_spans as (
    select * from {{ ref('int_agent_team_spans') }}
),

agents as (
    select
        agent_id,
        team_id
    from {{ ref('dim_agents') }}
),

clocks as (
    select * from {{ ref('int_team_clocks') }}
),

fallback as (
    select * from clocks
    where team_id = 'unknown'
),

numbers as (
    {{ whole_numbers(4) | indent(4) }}
),

-- What lies before the window is cut off, a day of play for the time zone left.
recent as (
    select
        stretches.agent_id,
        greatest(stretches.starts_at, cast({{ add_days('fallback.first_day', '-2') }} as {{ dbt.type_timestamp() }})) as starts_at,
        stretches.ends_at
    from stretches
    cross join fallback
    where cast(stretches.ends_at as date) >= {{ add_days('fallback.first_day', '-2') }}
),

-- A shift is that of the team to which the agent belonged when it began.
owned as (
    select
        recent.starts_at,
        recent.ends_at,
        case when team_spans.agent_id is null then agents.team_id else team_spans.team_id end as team_id
    from recent
    left join agents on recent.agent_id = agents.agent_id
    left join team_spans
        on
            recent.agent_id = team_spans.agent_id
            and team_spans.valid_from <= recent.starts_at
            and recent.starts_at < team_spans.valid_to
),

clocked as (
    select
        coalesce(clocks.team_id, fallback.team_id) as team_id,
        coalesce(clocks.time_zone, fallback.time_zone) as time_zone,
        coalesce(clocks.first_day, fallback.first_day) as first_day,
        coalesce(clocks.last_day, fallback.last_day) as last_day,
        {{ epoch_seconds('owned.starts_at') }} as starts_epoch,
        {{ epoch_seconds('owned.ends_at') }} as ends_epoch,
        mod({{ epoch_seconds(to_local('owned.starts_at', 'coalesce(clocks.time_zone, fallback.time_zone)')) }}, 3600) as seconds_into_hour
    from owned
    cross join fallback
    left join clocks on owned.team_id = clocks.team_id
),

measured as (
    select
        *,
        starts_epoch - seconds_into_hour as first_hour_epoch,
        {{ whole_division('ends_epoch - 1 - starts_epoch + seconds_into_hour', 3600) }} as last_hour
    from clocked
),

longest as (
    select max(last_hour) as last_hour
    from measured
),

hours_ahead as (
    select numbers.number
    from numbers
    inner join longest on numbers.number <= longest.last_hour
),

pieces as (
    select
        measured.team_id,
        measured.first_day,
        measured.last_day,
        {{ to_local(instant_of_epoch('greatest(measured.starts_epoch, measured.first_hour_epoch + 3600 * hours_ahead.number)'), 'measured.time_zone') }} as local_at,
        least(measured.ends_epoch, measured.first_hour_epoch + 3600 * (hours_ahead.number + 1))
        - greatest(measured.starts_epoch, measured.first_hour_epoch + 3600 * hours_ahead.number) as piece_seconds
    from measured
    inner join hours_ahead on measured.last_hour >= hours_ahead.number
),

hours as (
    select
        team_id,
        {{ hour_of_week('local_at') }} as hour_of_week,
        cast(sum(piece_seconds) as {{ dbt.type_bigint() }}) as shift_seconds
    from pieces
    where
        first_day <= cast(local_at as date)
        and cast(local_at as date) <= last_day
    group by team_id, {{ hour_of_week('local_at') }}
)

select * from hours
