-- One row a team with shifts and local hour of the week in which somebody of it was on shift within the staffing window: the seconds that its people
-- were there. A time on shift is cut at the full hours of the team's own clock, and each piece is placed by that clock anew.
with shifts as (
    select * from {{ ref('int_team_shifts') }}
),

numbers as (
    {{ whole_numbers(4) | indent(4) }}
),

-- What lies before the window is cut off, a day of play for the time zone left.
recent as (
    select
        team_id,
        time_zone,
        first_day,
        last_day,
        greatest(starts_at, cast({{ add_days('first_day', '-2') }} as {{ dbt.type_timestamp() }})) as starts_at,
        ends_at
    from shifts
    where cast(ends_at as date) >= {{ add_days('first_day', '-2') }}
),

clocked as (
    select
        team_id,
        time_zone,
        first_day,
        last_day,
        {{ epoch_seconds('starts_at') }} as starts_epoch,
        {{ epoch_seconds('ends_at') }} as ends_epoch,
        mod({{ epoch_seconds(to_local('starts_at', 'time_zone')) }}, 3600) as seconds_into_hour
    from recent
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
