{{ config(materialized='view') }}

-- What is counted of surveys. A survey without a ticket has no team, agent, channel, priority or topic to be cut by.
with surveys as (
    select * from {{ ref('fct_survey_responses') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

sent as (
    select
        surveys.*,
        tickets.channel,
        tickets.priority,
        tickets.topic_id
    from surveys
    left join tickets on surveys.ticket_id = tickets.ticket_id
),

answers as (
    select * from sent
    where
        is_answered
        and not is_superseded
),

{%- set scope = "case when ticket_id is null then 'customer' else 'ticket' end" %}
{%- set amounts = {
    'csat_score': "case when survey_type = 'csat' then case when is_top_box then 1 else 0 end end",
    'csat_mean': "case when survey_type = 'csat' then " ~ in_score_parts('ease_or_satisfaction') ~ ' end',
    'nps': "case when survey_type = 'nps' then case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end end",
    'nps_promoter_share': "case when survey_type = 'nps' then case when nps_group = 'promoter' then 1 else 0 end end",
    'nps_passive_share': "case when survey_type = 'nps' then case when nps_group = 'passive' then 1 else 0 end end",
    'nps_detractor_share': "case when survey_type = 'nps' then case when nps_group = 'detractor' then 1 else 0 end end",
    'ces_mean': "case when survey_type = 'ces' then " ~ in_score_parts('ease_or_satisfaction') ~ ' end',
    'ces_easy_share': "case when survey_type = 'ces' then case when is_easy then 1 else 0 end end",
    'fcr_reported_rate': "case when survey_type = 'fcr' then case when is_reported_resolved then 1 else 0 end end",
} %}

observations as (
    {{ observe('int_survey_observations', 'answers', 'responded_at', amounts, scope=scope) | indent(4) }}
    union all
    {{ observe(
        'int_survey_observations', 'sent', 'sent_at',
        {'csat_response_rate': "case when survey_type = 'csat' then case when is_answered then 1 else 0 end end"},
        scope=scope
    ) | indent(4) }}
)

select * from observations
