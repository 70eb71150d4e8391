-- One row a topic and unbroken time in which at least one of its articles was published and not retired.
with articles as (
    select
        topic_id,
        published_at,
        coalesce(retired_at, {{ end_of_time() }}) as retired_at
    from {{ ref('int_kb_articles_gated') }}
    where
        verdict = 'accepted'
        and topic_id is not null
        and published_at < coalesce(retired_at, {{ end_of_time() }})
),

reached as (
    select
        *,
        max(retired_at) over (
            partition by topic_id
            order by published_at, retired_at
            rows between unbounded preceding and 1 preceding
        ) as retired_at_before
    from articles
),

numbered as (
    select
        *,
        sum(case when published_at <= retired_at_before then 0 else 1 end) over (
            partition by topic_id
            order by published_at, retired_at
            rows between unbounded preceding and current row
        ) as span_number
    from reached
),

spans as (
    select
        topic_id,
        min(published_at) as covered_from,
        max(retired_at) as covered_to
    from numbered
    group by topic_id, span_number
)

select * from spans
