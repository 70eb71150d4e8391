with facts as (
    select * from {{ ref('int_ticket_facts') }}
),

statuses as (
    select * from {{ ref('int_ticket_statuses_in_force') }}
),

owners as (
    select * from {{ ref('int_ticket_owner_spans') }}
),

terms as (
    select
        ticket_id,
        schedule_id
    from {{ ref('int_ticket_terms') }}
    where schedule_id is not null
),

calendar as (
    select * from {{ ref('int_business_calendar') }}
),

-- A life ends when the ticket is resolved for good. Of an unresolved ticket without history only the present status is known;
-- of one that was resolved without history, none.
lives as (
    select
        facts.ticket_id,
        statuses.status,
        statuses.starts_at,
        least(coalesce(statuses.ends_at, facts.resolved_at), coalesce(facts.resolved_at, statuses.ends_at)) as ends_at
    from facts
    inner join statuses on facts.ticket_id = statuses.ticket_id
    where
        facts.resolved_at is null
        or statuses.starts_at < facts.resolved_at
    union all
    select
        facts.ticket_id,
        case when facts.status = 'closed' then 'solved' else facts.status end as status,
        facts.created_at as starts_at,
        cast(null as {{ dbt.type_timestamp() }}) as ends_at
    from facts
    where
        not facts.has_status_history
        and facts.resolved_at is null
),

spans as (
    select
        {{ stable_key(['lives.ticket_id', epoch_seconds('lives.starts_at')]) }} as status_span_id,
        lives.ticket_id,
        lives.status,
        lives.starts_at,
        lives.ends_at,
        {{ seconds_between('lives.starts_at', 'lives.ends_at') }} as calendar_seconds,
        {{ open_seconds_until('at_end', 'lives.ends_at') }} - {{ open_seconds_until('at_start', 'lives.starts_at') }} as business_seconds,
        owners.team_id,
        owners.agent_id
    from lives
    inner join owners
        on
            lives.ticket_id = owners.ticket_id
            and owners.valid_from <= lives.starts_at
            and lives.starts_at < owners.valid_to
    left join terms on lives.ticket_id = terms.ticket_id
    left join calendar as at_start
        on
            {{ holds_instant('at_start', 'terms.schedule_id', 'lives.starts_at') }}
    left join calendar as at_end
        on
            {{ holds_instant('at_end', 'terms.schedule_id', 'lives.ends_at') }}
),

typed as (
    {{ select_as_contracted('fct_ticket_status_spans', 'spans') | indent(4) }}
)

select * from typed
