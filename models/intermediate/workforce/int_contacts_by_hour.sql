-- One row a team, channel and local hour of the week in which customers got in touch within the staffing window, or people worked: the contacts
-- that wanted a person, and the handle time of those that got one. Sessions that a bot held alone wanted nobody.
with interactions as (
    select * from {{ ref('fct_interactions') }}
),

bot_sessions as (
    select
        ticket_id,
        session_id
    from {{ ref('int_interaction_rows') }}
    where
        is_bot
        and session_id is not null
    group by ticket_id, session_id
),

clocks as (
    select * from {{ ref('int_team_clocks') }}
),

offsets as (
    select * from {{ ref('int_time_zone_offsets') }}
),

fallback as (
    select * from clocks
    where team_id = 'unknown'
),

-- A day of play either side for the time zone, before the local time is worked out.
earliest as (
    select {{ add_days('first_day', '-2') }} as earliest_day
    from fallback
),

recent as (
    select
        interactions.*,
        coalesce(clocks.team_id, fallback.team_id) as clock_team_id,
        coalesce(clocks.time_zone, fallback.time_zone) as time_zone,
        coalesce(clocks.first_day, fallback.first_day) as first_day,
        coalesce(clocks.last_day, fallback.last_day) as last_day
    from interactions
    cross join fallback
    left join clocks on interactions.team_id = clocks.team_id
    where cast(interactions.started_at as date) >= (select earliest.earliest_day from earliest)
),

-- The offset of a schedule's zone is known; asking the engine for the local clock costs as much as all the rest.
placed as (
    select
        recent.*,
        case
            when offsets.utc_offset_seconds is not null then {{ plus_seconds('recent.started_at', 'offsets.utc_offset_seconds') }}
            else {{ to_local('recent.started_at', 'recent.time_zone') }}
        end as local_at
    from recent
    left join offsets
        on
            recent.time_zone = offsets.time_zone
            and offsets.starts_epoch <= {{ epoch_seconds('recent.started_at') }}
            and {{ epoch_seconds('recent.started_at') }} < offsets.ends_epoch
),

counted as (
    select
        placed.clock_team_id as team_id,
        placed.channel,
        {{ hour_of_week('placed.local_at') }} as hour_of_week,
        placed.is_human,
        placed.handle_seconds,
        placed.direction = 'inbound' and (placed.is_human or placed.is_abandoned or bot_sessions.session_id is null) as is_arrival
    from placed
    left join bot_sessions
        on
            placed.ticket_id = bot_sessions.ticket_id
            and placed.session_id = bot_sessions.session_id
    where
        placed.first_day <= cast(placed.local_at as date)
        and cast(placed.local_at as date) <= placed.last_day
),

hours as (
    select
        team_id,
        channel,
        hour_of_week,
        {%- for name, amount in [
            ('arrivals_count', 'case when is_arrival then 1 else 0 end'),
            ('worked_count', 'case when is_human then 1 else 0 end'),
            ('worked_known_count', 'case when is_human and handle_seconds is not null then 1 else 0 end'),
            ('worked_seconds', 'case when is_human then coalesce(handle_seconds, 0) else 0 end'),
            ('answered_known_count', 'case when is_arrival and is_human and handle_seconds is not null then 1 else 0 end'),
            ('answered_seconds', 'case when is_arrival and is_human then coalesce(handle_seconds, 0) else 0 end'),
        ] %}
        cast(sum({{ amount }}) as {{ dbt.type_bigint() }}) as {{ name }}{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from counted
    group by team_id, channel, hour_of_week
)

select * from hours
