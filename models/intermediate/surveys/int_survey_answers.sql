-- Every survey sent that counts, on the ticket that survived its merges, with its answer read on its scale.
with surveys as (
    select * from {{ ref('int_survey_responses_gated') }}
    where verdict = 'accepted'
),

tickets as (
    select
        ticket_id,
        survivor_ticket_id,
        is_customer_erased,
        exclusion_reason
    from {{ ref('int_tickets_classified') }}
),

customers as (
    select * from {{ ref('int_customers_resolved') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

counted as (
    select
        surveys.response_id,
        surveys.survey_type,
        survivors.ticket_id,
        coalesce(customers.published_customer_id, surveys.customer_id) as customer_id,
        surveys.business_unit_id,
        customers.business_unit_id as customer_business_unit_id,
        customers.segment,
        surveys.sent_at,
        surveys.responded_at,
        surveys.wave,
        surveys.score,
        surveys.scale_min,
        surveys.scale_max,
        surveys.responded_at is not null and surveys.score is not null as is_answered,
        case
            when surveys.survey_type in ('csat', 'ces') and surveys.is_reversed then surveys.scale_max - surveys.score
            else surveys.score - surveys.scale_min
        end as points_above_worst,
        surveys.scale_max - surveys.scale_min as points_of_scale,
        surveys.comment,
        surveys.language,
        -- Who was asked: without a customer the ticket's requester.
        coalesce(
            customers.is_id_hidden,
            surveys.customer_id is null and own_tickets.is_customer_erased,
            false
        ) as is_erased
    from surveys
    cross join as_of
    left join tickets as own_tickets on surveys.ticket_id = own_tickets.ticket_id
    left join tickets as survivors
        on
            own_tickets.survivor_ticket_id = survivors.ticket_id
            and survivors.exclusion_reason is null
    left join customers on surveys.customer_id = customers.customer_id
    where
        (surveys.ticket_id is null or survivors.ticket_id is not null)
        and (
            coalesce(surveys.responded_at, surveys.sent_at) is null
            or coalesce(surveys.responded_at, surveys.sent_at) <= as_of.as_of
        )
),

ranked as (
    select
        counted.*,
        row_number() over (
            partition by
                counted.survey_type,
                counted.ticket_id,
                counted.customer_id,
                case
                    when counted.ticket_id is not null then ''
                    when counted.customer_id is null then counted.response_id
                    else coalesce(
                        'wave ' || counted.wave,
                        'quarter ' || cast({{ period_start('quarter', reporting_date('counted.responded_at')) }} as {{ dbt.type_string() }})
                    )
                end
            order by counted.responded_at desc, {{ bytewise('counted.response_id') }} desc
        ) as rank_from_last
    from counted
    where counted.is_answered
),

answers as (
    select
        counted.*,
        coalesce(ranked.rank_from_last > 1, false) as is_superseded
    from counted
    left join ranked on counted.response_id = ranked.response_id
)

select * from answers
