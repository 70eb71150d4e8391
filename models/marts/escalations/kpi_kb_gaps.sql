with topics as (
    select
        topic_id,
        topic_name
    from {{ ref('dim_topics') }}
),

contacts as (
    select * from {{ ref('int_topic_contacts') }}
),

spans as (
    select * from {{ ref('int_topic_coverage_spans') }}
),

as_of as (
    select as_of from {{ ref('int_as_of') }}
),

articles as (
    select count(*) as articles_count
    from {{ ref('int_kb_articles_gated') }}
    where verdict = 'accepted'
),

covered_now as (
    select spans.topic_id
    from spans
    cross join as_of
    where
        spans.covered_from <= as_of.as_of
        and as_of.as_of < spans.covered_to
),

-- A topic is measured in the state in which it is now: by the tickets created while an article was there, or while none was.
measured as (
    select
        topics.topic_id,
        coalesce(topics.topic_name, topics.topic_id) as topic_name,
        case when articles.articles_count > 0 then covered_now.topic_id is not null end as has_article,
        coalesce(contacts.tickets_count, 0) as tickets_count,
        coalesce(contacts.escalations_count, 0) as escalations_count,
        coalesce(contacts.repeat_contacts_count, 0) as repeat_contacts_count,
        {%- for part in ['count', 'total', 'squares'] %}
        case
            when articles.articles_count = 0 then null
            when covered_now.topic_id is not null then coalesce(contacts.covered_{{ part }}, 0)
            else coalesce(contacts.uncovered_{{ part }}, 0)
        end as contacts_{{ part }}{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from topics
    cross join articles
    left join contacts on topics.topic_id = contacts.topic_id
    left join covered_now on topics.topic_id = covered_now.topic_id
),

meant as (
    select
        measured.*,
        {{ as_double('measured.contacts_total') }} / nullif(measured.contacts_count, 0) as contacts_mean,
        {{ mean_reach(deviation_from_sums('measured.contacts_count', 'measured.contacts_total', 'measured.contacts_squares'), 'measured.contacts_count') }} as contacts_reach
    from measured
),

spread as (
    select
        *,
        case when contacts_mean > contacts_reach then contacts_mean - contacts_reach when contacts_reach is not null then 0.0 end as contacts_low,
        contacts_mean + contacts_reach as contacts_high
    from meant
),

-- Only covered topics with enough solved tickets say what is usual.
usual as (
    select
        count(*) as topics_count,
        {{ sorted_values('contacts_mean') }} as means
    from spread
    where
        has_article
        and contacts_count >= {{ smallest_sample() }}
),

-- Fewer than six topics have no 95 % interval of their median, however far apart they lie.
benchmark as (
    select
        topics_count,
        case when topics_count > 0 then {{ quantile_of('means', 'topics_count', '0.5') }} end as median_mean,
        case when topics_count >= 6 then {{ value_at('means', median_bound_rank('topics_count', 'low')) }} end as median_low,
        case when topics_count >= 6 then {{ value_at('means', median_bound_rank('topics_count', 'high')) }} end as median_high
    from usual
),

compared as (
    select
        spread.*,
        benchmark.topics_count as covered_topics_count,
        benchmark.median_mean,
        -- By how many repeat contacts a ticket the topic lies above the usual, and the bounds of that.
        case when not spread.has_article then spread.contacts_mean - benchmark.median_mean end as excess,
        case
            when not spread.has_article
                then
                    {{ mover_bound(
                        'spread.contacts_mean', 'spread.contacts_low', 'spread.contacts_high',
                        'benchmark.median_mean', 'benchmark.median_low', 'benchmark.median_high', 'low'
                    ) }}
        end as excess_low,
        case
            when not spread.has_article
                then
                    {{ mover_bound(
                        'spread.contacts_mean', 'spread.contacts_low', 'spread.contacts_high',
                        'benchmark.median_mean', 'benchmark.median_low', 'benchmark.median_high', 'high'
                    ) }}
        end as excess_high
    from spread
    cross join benchmark
),

gaps as (
    select
        topic_id,
        topic_name,
        has_article,
        tickets_count,
        escalations_count,
        repeat_contacts_count,
        contacts_count as sample_size,
        contacts_mean as repeat_contacts_per_ticket,
        covered_topics_count,
        median_mean as usual_repeat_contacts_per_ticket,
        contacts_count * excess as expected_contacts_saved,
        contacts_count * excess_low as interval_low,
        contacts_count * excess_high as interval_high,
        contacts_count < {{ smallest_sample() }} as is_small_sample,
        case
            when not has_article
                then
                    row_number() over (
                        partition by has_article
                        order by escalations_count desc, repeat_contacts_count desc, {{ bytewise('topic_id') }}
                    )
        end as gap_rank
    from compared
),

typed as (
    {{ select_as_contracted('kpi_kb_gaps', 'gaps') | indent(4) }}
)

select * from typed
