-- One row a topic with tickets: how many, how many escalated, and how often customers had to come back, also apart for the solved tickets that
-- were created while an article was there and while none was. A repeat contact is an inbound interaction after the first of its ticket.
with tickets as (
    select
        ticket_id,
        is_escalated,
        is_resolved,
        greatest(inbound_interaction_count - 1, 0) as repeat_contacts
    from {{ ref('fct_tickets') }}
),

coverage as (
    select * from {{ ref('int_tickets_by_coverage') }}
    where topic_id is not null
),

described as (
    select
        coverage.topic_id,
        tickets.is_escalated,
        tickets.repeat_contacts,
        case when tickets.is_resolved and coverage.is_covered then tickets.repeat_contacts end as covered_contacts,
        case when tickets.is_resolved and not coverage.is_covered then tickets.repeat_contacts end as uncovered_contacts
    from coverage
    inner join tickets on coverage.ticket_id = tickets.ticket_id
),

topics as (
    select
        topic_id,
        count(*) as tickets_count,
        cast(sum(case when is_escalated then 1 else 0 end) as {{ dbt.type_bigint() }}) as escalations_count,
        cast(sum(repeat_contacts) as {{ dbt.type_bigint() }}) as repeat_contacts_count,
        {%- for state in ['covered', 'uncovered'] %}
        count({{ state }}_contacts) as {{ state }}_count,
        coalesce(sum({{ as_wide_integer(state ~ '_contacts') }}), 0) as {{ state }}_total,
        coalesce(sum({{ as_wide_integer(state ~ '_contacts') }} * {{ as_wide_integer(state ~ '_contacts') }}), 0) as {{ state }}_squares{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from described
    group by topic_id
)

select * from topics
