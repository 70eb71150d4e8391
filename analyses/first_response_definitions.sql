-- Why does another tool show another first response time? The same answered tickets under the definitions that are in use: by the
-- calendar or within opening hours, with or without tickets that an agent opened, mean or median. Most quarrels about this number end
-- at one of these rows. Run it with: dbt show --select first_response_definitions
with tickets as (
    select * from {{ ref('fct_tickets') }}
    where first_response_seconds is not null
),

definitions as (
    select
        'by the calendar, as published' as definition,
        first_response_seconds as response_seconds
    from tickets
    union all
    select
        'within opening hours, as published' as definition,
        first_response_business_seconds as response_seconds
    from tickets
    where first_response_business_seconds is not null
    union all
    select
        'by the calendar, without tickets that an agent opened' as definition,
        first_response_seconds as response_seconds
    from tickets
    where not is_agent_opened
    union all
    select
        'by the calendar, from creation even where an agent opened the ticket' as definition,
        {{ seconds_between('created_at', 'first_responded_at') }} as response_seconds
    from tickets
),

compared as (
    select
        definition,
        count(*) as tickets_count,
        avg(response_seconds) / 60 as mean_minutes,
        percentile_cont(0.5) within group (order by response_seconds) / 60 as median_minutes,
        percentile_cont(0.9) within group (order by response_seconds) / 60 as p90_minutes
    from definitions
    group by definition
)

select * from compared
