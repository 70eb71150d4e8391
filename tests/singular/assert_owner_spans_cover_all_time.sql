-- Protects every number by team and agent: whoever asks for the owner of a countable ticket at an instant finds exactly one
-- answer. The spans of a ticket go from before all time to after it, each beginning where the one before ends.
with spans as (
    select
        ticket_id,
        valid_from,
        valid_to,
        lag(valid_to, 1, {{ beginning_of_time() }}) over (partition by ticket_id order by valid_from) as expected_from,
        lead(valid_from, 1, {{ end_of_time() }}) over (partition by ticket_id order by valid_from) as expected_to
    from {{ ref('int_ticket_owner_spans') }}
),

tickets as (
    select ticket_id from {{ ref('fct_tickets') }}
),

problems as (
    select
        spans.ticket_id,
        spans.valid_from
    from spans
    where
        spans.valid_from <> spans.expected_from
        or spans.valid_to <> spans.expected_to
        or spans.valid_to <= spans.valid_from
    union all
    select
        tickets.ticket_id,
        cast(null as {{ dbt.type_timestamp() }}) as valid_from
    from tickets
    left join spans on tickets.ticket_id = spans.ticket_id
    where spans.ticket_id is null
)

select * from problems
