-- The sum takes a second or more, so that a kill can meet a query at work.
select
    tickets.ticket_id,
    tickets.created_at,
    tickets.minutes,
    slow.noise
from {{ ref('stg_helpdesk__tickets') }} as tickets
cross join (
    select round(sum(sin(steps.step)), 0) as noise
    from range({{ env_var('MINI_STEPS', '1000') }}) as steps (step)
) as slow
