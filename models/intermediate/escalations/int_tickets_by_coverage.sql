{{ config(materialized='view') }}

-- One row a countable ticket: whether an article of its topic was there when it was created. Not known without a topic that the input
-- knows, and where the input has no articles at all.
with tickets as (
    select
        ticket_id,
        topic_id,
        created_at
    from {{ ref('fct_tickets') }}
),

topics as (
    select topic_id
    from {{ ref('dim_topics') }}
),

articles as (
    select count(*) as articles_count
    from {{ ref('int_kb_articles_gated') }}
    where verdict = 'accepted'
),

spans as (
    select * from {{ ref('int_topic_coverage_spans') }}
),

covered as (
    select
        tickets.ticket_id,
        topics.topic_id,
        case
            when topics.topic_id is not null and articles.articles_count > 0
                then spans.topic_id is not null
        end as is_covered
    from tickets
    cross join articles
    left join topics on tickets.topic_id = topics.topic_id
    left join spans
        on
            tickets.topic_id = spans.topic_id
            and spans.covered_from <= tickets.created_at
            and tickets.created_at < spans.covered_to
)

select * from covered
