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

{%- set measures = [
    ('answers', 'csat_score', 'responded_at', 'case when is_top_box then 1 else 0 end', "survey_type = 'csat'"),
    ('answers', 'csat_mean', 'responded_at', in_score_parts('ease_or_satisfaction'), "survey_type = 'csat'"),
    ('sent', 'csat_response_rate', 'sent_at', 'case when is_answered then 1 else 0 end', "survey_type = 'csat'"),
    ('answers', 'nps', 'responded_at', "case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end", "survey_type = 'nps'"),
    ('answers', 'nps_promoter_share', 'responded_at', "case when nps_group = 'promoter' then 1 else 0 end", "survey_type = 'nps'"),
    ('answers', 'nps_passive_share', 'responded_at', "case when nps_group = 'passive' then 1 else 0 end", "survey_type = 'nps'"),
    ('answers', 'nps_detractor_share', 'responded_at', "case when nps_group = 'detractor' then 1 else 0 end", "survey_type = 'nps'"),
    ('answers', 'ces_mean', 'responded_at', in_score_parts('ease_or_satisfaction'), "survey_type = 'ces'"),
    ('answers', 'ces_easy_share', 'responded_at', 'case when is_easy then 1 else 0 end', "survey_type = 'ces'"),
    ('answers', 'fcr_reported_rate', 'responded_at', 'case when is_reported_resolved then 1 else 0 end', "survey_type = 'fcr'"),
] %}

observations as (
    {%- for relation, measure, observed_at, amount, condition in measures %}
    {{ observe(relation, measure, observed_at, amount, condition=condition ~ ' and ticket_id is not null') | indent(4) }}
    union all
    {{ observe(relation, measure, observed_at, amount, condition=condition ~ ' and ticket_id is null', scope='customer') | indent(4) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from observations
