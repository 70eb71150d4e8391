-- Protects the counts and handle time of fct_tickets against fct_interactions, and fct_interactions against the accepted raw
-- rows: every row that counts is in exactly one interaction.
with interactions as (
    select * from {{ ref('fct_interactions') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

counted as (
    select
        ticket_id,
        sum(case when is_public and (is_human or author_type = 'customer') then 1 else 0 end) as public_count,
        sum(case when direction = 'inbound' and author_type = 'customer' then 1 else 0 end) as inbound_count,
        sum(handle_seconds) as handle_seconds
    from interactions
    group by ticket_id
),

survivors as (
    select
        gated.ticket_id,
        gated.survivor_ticket_id
    from {{ ref('int_tickets_gated') }} as gated
    inner join tickets on gated.survivor_ticket_id = tickets.ticket_id
    where gated.verdict = 'accepted'
),

raw_rows as (
    select
        survivors.survivor_ticket_id as ticket_id,
        count(distinct gated.session_id) + sum(case when gated.session_id is null then 1 else 0 end) as interactions_count
    from {{ ref('int_interactions_gated') }} as gated
    inner join survivors on gated.ticket_id = survivors.ticket_id
    cross join as_of
    where
        gated.verdict = 'accepted'
        and gated.direction <> 'internal'
        and gated.started_at <= as_of.as_of
    group by survivors.survivor_ticket_id
),

interactions_by_ticket as (
    select
        ticket_id,
        count(*) as interactions_count
    from interactions
    group by ticket_id
),

problems as (
    select
        'the counts of the ticket are not those of its interactions' as problem,
        tickets.ticket_id
    from tickets
    left join counted on tickets.ticket_id = counted.ticket_id
    where
        tickets.public_interaction_count <> coalesce(counted.public_count, 0)
        or tickets.inbound_interaction_count <> coalesce(counted.inbound_count, 0)
        or coalesce(tickets.handle_seconds, -1) <> coalesce(counted.handle_seconds, -1)
    union all
    select
        'there are more or fewer interactions than the raw rows make' as problem,
        coalesce(raw_rows.ticket_id, interactions_by_ticket.ticket_id) as ticket_id
    from raw_rows
    full outer join interactions_by_ticket on raw_rows.ticket_id = interactions_by_ticket.ticket_id
    where coalesce(raw_rows.interactions_count, 0) <> coalesce(interactions_by_ticket.interactions_count, 0)
)

select * from problems
