{{ config(materialized='view') }}

{%- set resolved = {'team': 'resolution_team_id', 'agent': 'resolution_agent_id'} -%}
{%- set created = {'team': 'team_id', 'agent': 'created_agent_id'} -%}
{%- set first_response = {'team': 'first_response_team_id', 'agent': 'first_response_agent_id'} -%}
{%- set first_resolution = {'team': 'first_resolution_team_id', 'agent': 'first_resolution_agent_id'} -%}
{#- measure, instant, amount, condition, owner, scope -#}
{%- set measures = [
    ('tickets_created', 'created_at', '1', none, created, 'ticket'),
    ('escalation_rate', 'created_at', 'case when is_escalated then 1 else 0 end', none, created, 'ticket'),
    ('open_unanswered', 'created_at', '1', 'first_responded_at is null', created, 'ticket'),
    ('open_unsolved', 'created_at', '1', 'resolved_at is null', created, 'ticket'),
    ('open_never_solved', 'created_at', '1', 'first_resolved_at is null', created, 'ticket'),
    ('first_response', 'first_responded_at', 'first_response_seconds', none, first_response, 'ticket'),
    ('first_response_business', 'first_responded_at', 'first_response_business_seconds', 'first_response_business_seconds is not null', first_response, 'ticket'),
    ('first_resolution', 'first_resolved_at', 'first_resolution_seconds', none, first_resolution, 'ticket'),
    ('reopen_rate', 'first_resolved_at', 'case when reopen_count > 0 then 1 else 0 end', none, first_resolution, 'ticket'),
    ('tickets_resolved', 'resolved_at', '1', none, resolved, 'ticket'),
    ('resolution', 'resolved_at', 'resolution_seconds', none, resolved, 'ticket'),
    ('resolution_business', 'resolved_at', 'resolution_business_seconds', 'resolution_business_seconds is not null', resolved, 'ticket'),
    ('requester_wait', 'resolved_at', 'requester_wait_seconds', 'requester_wait_seconds is not null', resolved, 'ticket'),
    ('interactions_per_ticket', 'resolved_at', 'public_interaction_count', none, resolved, 'all_but_channel'),
    ('contacts_per_ticket', 'resolved_at', 'inbound_interaction_count', none, resolved, 'ticket'),
    ('handle_per_ticket', 'resolved_at', 'handle_seconds', 'handle_seconds is not null', resolved, 'ticket'),
    ('fcr_rate', 'resolved_at', 'case when is_first_contact_resolution then 1 else 0 end', 'is_fcr_eligible', resolved, 'ticket'),
    ('fcr_net_rate', 'resolved_at', 'case when is_first_contact_resolution then 1 else 0 end', 'is_fcr_eligible and coalesce(is_first_line_resolvable, true)', resolved, 'ticket'),
    ('bot_resolution_rate', 'resolved_at', 'case when is_bot_resolved then 1 else 0 end', 'is_bot_resolved is not null', resolved, 'ticket'),
] -%}
-- What is counted of tickets: one row a ticket, measure and observation.
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

observations as (
    {%- for measure, observed_at, amount, condition, owner, scope in measures %}
    {{ observe('tickets', measure, observed_at, amount, owner.team, owner.agent, condition, scope) | indent(4) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from observations
