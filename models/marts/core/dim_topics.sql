with topics as (
    select
        topic_id,
        name as topic_name,
        is_first_line_resolvable
    from {{ ref('int_topics_gated') }}
    where verdict = 'accepted'
),

typed as (
    {{ select_as_contracted('dim_topics', 'topics') | indent(4) }}
)

select * from typed
