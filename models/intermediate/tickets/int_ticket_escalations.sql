-- Each instant at which a ticket went up: an escalated event, a tier event to a higher number, or a team event to a team of a
-- higher tier. Several of them at one instant are one escalation. What an event says of before counts for tiers, where it can be read; for teams
-- only before the first event, for the team in force is what the event before it said.
with events as (
    select * from {{ ref('int_ticket_events_ordered') }}
    where
        event_type in ('escalated', 'team')
        -- A tier that cannot be read says nothing: the last one known goes on.
        or (event_type = 'tier' and {{ safe_integer('to_value') }} is not null)
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

teams as (
    select
        team_id,
        tier
    from {{ ref('int_teams_gated') }}
    where verdict = 'accepted'
),

known_before as (
    select
        events.*,
        lag(events.to_value) over kind as said_before,
        lag(events.event_ordinal) over kind is null as is_first_of_kind
    from events
    window kind as (partition by events.ticket_id, events.event_type order by events.event_ordinal)
),

owned as (
    select
        known_before.ticket_id,
        known_before.event_ordinal,
        known_before.effective_at,
        known_before.event_type,
        known_before.reason,
        case when known_before.event_type = 'tier' then {{ safe_integer('known_before.to_value') }} end as tier_after,
        case
            when known_before.event_type = 'tier'
                then coalesce({{ safe_integer('known_before.from_value') }}, {{ safe_integer('known_before.said_before') }})
        end as tier_before,
        case when known_before.event_type = 'team' then known_before.to_value end as team_after,
        case
            when known_before.event_type = 'team'
                then case when known_before.is_first_of_kind then known_before.from_value else known_before.said_before end
        end as team_before,
        owners_before.team_id as owner_team_before,
        owners_before.agent_id as owner_agent_before,
        owners_after.team_id as owner_team_after
    from known_before
    left join owners as owners_before
        on
            known_before.ticket_id = owners_before.ticket_id
            and owners_before.valid_from < known_before.effective_at
            and known_before.effective_at <= owners_before.valid_to
    left join owners as owners_after
        on
            known_before.ticket_id = owners_after.ticket_id
            and owners_after.valid_from <= known_before.effective_at
            and known_before.effective_at < owners_after.valid_to
),

tiered as (
    select
        owned.*,
        coalesce(owned.tier_before, owner_tiers_before.tier) as from_tier,
        coalesce(owned.tier_after, owner_tiers_after.tier) as to_tier,
        tiers_before.tier as team_tier_before,
        tiers_after.tier as team_tier_after
    from owned
    left join teams as tiers_before on owned.team_before = tiers_before.team_id
    left join teams as tiers_after on owned.team_after = tiers_after.team_id
    left join teams as owner_tiers_before on owned.owner_team_before = owner_tiers_before.team_id
    left join teams as owner_tiers_after on owned.owner_team_after = owner_tiers_after.team_id
),

qualifying as (
    select
        tiered.*,
        row_number() over (partition by tiered.ticket_id, tiered.effective_at order by tiered.event_ordinal) as rank_in_instant
    from tiered
    where
        tiered.event_type = 'escalated'
        or (tiered.event_type = 'tier' and tiered.tier_after > tiered.from_tier)
        or (tiered.event_type = 'team' and tiered.team_tier_after > tiered.team_tier_before)
),

escalations as (
    select
        ticket_id,
        effective_at as escalated_at,
        row_number() over (partition by ticket_id order by effective_at) = 1 as is_first,
        min(owner_team_before) as from_team_id,
        min(owner_agent_before) as from_agent_id,
        min(owner_team_after) as to_team_id,
        min(from_tier) as from_tier,
        max(to_tier) as to_tier,
        max(case when rank_in_instant = 1 then reason end) as reason
    from qualifying
    group by ticket_id, effective_at
)

select * from escalations
