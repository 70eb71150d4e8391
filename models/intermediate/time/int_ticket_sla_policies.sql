{{ config(materialized=light_view()) }}

-- One row a countable ticket and metric that is promised for it: the policy that held when the ticket was created. A policy by
-- the business clock promises nothing where the opening hours are not known.
with terms as (
    select * from {{ ref('int_ticket_terms') }}
),

policy_spans as (
    select * from {{ ref('int_sla_policy_spans') }}
),

units as (
    select business_unit_id
    from policy_spans
    where business_unit_id is not null
    group by business_unit_id
),

placed as (
    select
        terms.ticket_id,
        terms.created_at,
        terms.priority,
        terms.schedule_id,
        coalesce(units.business_unit_id, '') as unit_key
    from terms
    left join units on terms.business_unit_id = units.business_unit_id
),

promised as (
    select
        placed.ticket_id,
        policy_spans.metric,
        policy_spans.policy_id,
        placed.priority,
        policy_spans.clock,
        policy_spans.target_seconds,
        case when policy_spans.clock = 'business' then placed.schedule_id end as schedule_id
    from placed
    inner join policy_spans
        on
            placed.unit_key = coalesce(policy_spans.business_unit_id, '')
            and placed.priority = policy_spans.priority
            and policy_spans.valid_from <= placed.created_at
            and placed.created_at < policy_spans.valid_to
    where
        policy_spans.clock = 'calendar'
        or placed.schedule_id is not null
)

select * from promised
