-- Protects every survey KPI: of the answers of one customer on one ticket, or in one wave, exactly one counts, and it is the
-- last.
with answers as (
    select
        *,
        case
            when ticket_id is not null then 'ticket ' || ticket_id
            when customer_id is null then 'answer ' || response_id
            when wave is not null then 'wave ' || wave
            else 'quarter ' || cast({{ period_start('quarter', reporting_date('responded_at')) }} as {{ dbt.type_string() }})
        end as question
    from {{ ref('fct_survey_responses') }}
    where is_answered
),

questions as (
    select
        survey_type,
        question,
        customer_id,
        sum(case when is_superseded then 0 else 1 end) as counting_count,
        max(responded_at) as last_responded_at,
        max(case when not is_superseded then responded_at end) as counting_responded_at
    from answers
    group by survey_type, question, customer_id
)

select *
from questions
where
    counting_count <> 1
    or counting_responded_at <> last_responded_at
