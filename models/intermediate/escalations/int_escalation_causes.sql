-- One row a first escalation with what may have caused it: the team that gave the ticket away was swamped that day, or the topic had no article
-- when the ticket was created.
with escalations as (
    select * from {{ ref('int_ticket_escalations') }}
    where is_first
),

days as (
    select * from {{ ref('int_team_days_swamped') }}
),

coverage as (
    select * from {{ ref('int_tickets_by_coverage') }}
),

flagged as (
    select
        escalations.ticket_id,
        escalations.escalated_at,
        days.is_swamped,
        not coverage.is_covered as is_kb_gap
    from escalations
    left join days
        on
            escalations.from_team_id = days.team_id
            and {{ reporting_date('escalations.escalated_at') }} = days.date_day
    left join coverage on escalations.ticket_id = coverage.ticket_id
),

causes as (
    select
        ticket_id,
        escalated_at,
        is_swamped,
        is_kb_gap,
        case
            when is_swamped is null or is_kb_gap is null then 'unknown'
            when is_swamped and is_kb_gap then 'both'
            when is_swamped then 'swamped'
            when is_kb_gap then 'kb_gap'
            else 'neither'
        end as cause
    from flagged
)

select * from causes
