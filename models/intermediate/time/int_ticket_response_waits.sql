-- One row a wait for a next response: from the first inbound interaction after a public human reply to the next such reply, once a
-- wait, all after the first response. What comes in within the second of a reply is answered by it.
with facts as (
    select
        ticket_id,
        first_responded_at
    from {{ ref('int_ticket_facts') }}
    where first_responded_at is not null
),

interaction_rows as (
    select * from {{ ref('int_interaction_rows') }}
    where is_human_reply
),

interactions as (
    select * from {{ ref('int_interactions_grouped') }}
    where direction = 'inbound'
),

resolutions as (
    select * from {{ ref('int_ticket_solved_changes') }}
    where is_solved_after
),

-- Inbound interactions come first within one second.
moments as (
    select
        ticket_id,
        started_at as moment_at,
        0 as is_reply
    from interactions
    union all
    select
        ticket_id,
        started_at as moment_at,
        1 as is_reply
    from interaction_rows
),

-- The replies before each moment number the waits.
numbered as (
    select
        moments.ticket_id,
        moments.moment_at,
        moments.is_reply,
        cast(sum(moments.is_reply) over (
            partition by moments.ticket_id
            order by moments.moment_at, moments.is_reply
            rows between unbounded preceding and current row
        ) - moments.is_reply as {{ dbt.type_bigint() }}) as wait_number
    from moments
    inner join facts on moments.ticket_id = facts.ticket_id
    where moments.moment_at > facts.first_responded_at
),

waits as (
    select
        ticket_id,
        wait_number,
        min(case when is_reply = 0 then moment_at end) as starts_at,
        max(case when is_reply = 1 then moment_at end) as replied_at
    from numbered
    group by ticket_id, wait_number
),

-- The first resolution within the wait ends it, if no reply came before or with it.
resolved as (
    select
        waits.ticket_id,
        waits.wait_number,
        waits.starts_at,
        waits.replied_at,
        min(resolutions.changed_at) as resolved_at
    from waits
    left join resolutions
        on
            waits.ticket_id = resolutions.ticket_id
            and waits.starts_at <= resolutions.changed_at
            and resolutions.changed_at < coalesce(waits.replied_at, {{ end_of_time() }})
    where waits.starts_at is not null
    group by waits.ticket_id, waits.wait_number, waits.starts_at, waits.replied_at
)

select * from resolved
