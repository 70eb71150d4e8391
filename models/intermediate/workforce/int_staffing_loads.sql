-- One row a team, channel and local hour of the week: how many contacts to expect, the handle time that each brings, and the people on shift who are
-- there for them. Handle time is taken over the whole window, for an hour of the week alone has too few contacts. Loads are in billionths of a person.
with hours as (
    select * from {{ ref('int_staffing_hours') }}
),

contacts as (
    select * from {{ ref('int_contacts_by_hour') }}
),

targets as (
    select * from {{ ref('staffing_targets') }}
),

general_targets as (
    select
        targets.*,
        'general' as standing
    from targets
    where targets.channel is null
),

work as (
    select
        team_id,
        channel,
        sum(arrivals_count) as arrivals_count,
        {{ as_double('sum(answered_seconds)') }} / nullif(sum(answered_known_count), 0) as seconds_per_answer,
        -- Where the length of some work is not known, it is taken to be as long as the rest.
        {{ as_double('sum(worked_seconds)') }} / nullif(sum(worked_known_count), 0) * sum(worked_count) / nullif(sum(arrivals_count), 0) as seconds_per_arrival
    from contacts
    group by team_id, channel
),

queues as (
    select
        work.team_id,
        work.channel,
        coalesce(targets.method, general_targets.method) as staffing_method,
        case when targets.channel is not null then targets.target_share else general_targets.target_share end as target_share,
        case when targets.channel is not null then targets.target_seconds else general_targets.target_seconds end as target_seconds,
        case when targets.channel is not null then targets.maximum_occupancy else general_targets.maximum_occupancy end as maximum_occupancy,
        case coalesce(targets.method, general_targets.method)
            when 'erlang_c' then work.seconds_per_answer
            when 'workload' then work.seconds_per_arrival
        end as handle_seconds
    from work
    left join targets on work.channel = targets.channel
    left join general_targets on case when targets.channel is null then 'general' end = general_targets.standing
    where work.arrivals_count > 0
),

expected as (
    select
        queues.*,
        hours.hour_of_week,
        hours.days_count,
        hours.hours_count,
        hours.agents_on_shift,
        coalesce(contacts.arrivals_count, 0) as arrivals_count,
        {{ as_double('coalesce(contacts.arrivals_count, 0)') }} / hours.hours_count as arrivals_per_hour,
        -- Where nobody comes there is nothing to do, however long it would take.
        case
            when coalesce(contacts.arrivals_count, 0) = 0 then 0
            else {{ as_double('contacts.arrivals_count') }} / hours.hours_count * queues.handle_seconds / 3600
        end as load_erlangs
    from queues
    inner join hours on queues.team_id = hours.team_id
    left join contacts
        on
            queues.team_id = contacts.team_id
            and queues.channel = contacts.channel
            and hours.hour_of_week = contacts.hour_of_week
),

fixed as (
    select
        *,
        {{ in_billionths('load_erlangs') }} as load_parts
    from expected
),

-- Work that can wait gives way to the lines, and the lines share the team's people by the work that comes in each, as far as it is known.
shared as (
    select
        {{ stable_key(['team_id', 'channel', 'hour_of_week']) }} as staffing_id,
        *,
        case
            when staffing_method = 'erlang_c'
                then agents_on_shift * load_parts / nullif(sum(load_parts) over (partition by team_id, hour_of_week, staffing_method), 0)
        end as channel_agents
    from fixed
)

select * from shared
