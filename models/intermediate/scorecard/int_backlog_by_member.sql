-- One row a dimension member and local day: how many tickets were unsolved at its end, from the first day on which there were any to the
-- last. Team, agent and priority are those of the day, so a ticket that changes one of them leaves one member for another.
with steps as (
    select
        *,
        open_count - created_count - reopened_count + resolved_count as open_before
    from {{ ref('int_backlog_steps') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

dates as (
    select date_day from {{ ref('dim_dates') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as last_day
    from {{ ref('int_as_of') }}
),

described as (
    select
        steps.ticket_id,
        {{ reporting_date('steps.stepped_at') }} as date_day,
        steps.open_before,
        steps.open_count as open_after,
        steps.team_id,
        steps.previous_team_id,
        steps.priority,
        steps.previous_priority,
        steps.agent_id,
        steps.previous_agent_id,
        tickets.business_unit_id,
        tickets.channel,
        tickets.topic_id,
        tickets.segment
    from steps
    inner join tickets on steps.ticket_id = tickets.ticket_id
),

{%- set columns = {
    'all': (none, none),
    'business_unit': ('business_unit_id', 'business_unit_id'),
    'team': ('previous_team_id', 'team_id'),
    'agent': ('previous_agent_id', 'agent_id'),
    'channel': ('channel', 'channel'),
    'priority': ('previous_priority', 'priority'),
    'topic': ('topic_id', 'topic_id'),
    'segment': ('segment', 'segment'),
} %}

-- Each side of a step is added up by itself, over the two columns that it needs.
daily_sides as (
    {%- for dimension, sides in columns.items() %}
    {%- for side in sides %}
    select
        '{{ dimension }}' as dimension,
        {{ "'all'" if side is none else side }} as member_id,
        date_day,
        sum({{ '-open_before' if loop.first else 'open_after' }}) as delta
    from described
    group by {{ side ~ ', ' if side is not none }}date_day
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

daily_moves as (
    select
        dimension,
        member_id,
        date_day,
        sum(delta) as delta
    from daily_sides
    group by dimension, member_id, date_day
    having sum(delta) <> 0
),

placed as (
    select
        daily_moves.dimension,
        case
            when daily_moves.dimension = 'business_unit' then coalesce(ancestors.ancestor_id, 'unknown')
            when daily_moves.dimension in ('team', 'agent', 'topic') then coalesce(members.member_id, 'unknown')
            else coalesce(daily_moves.member_id, 'unknown')
        end as member_id,
        daily_moves.date_day,
        daily_moves.delta
    from daily_moves
    left join ancestors on case when daily_moves.dimension = 'business_unit' then daily_moves.member_id end = ancestors.business_unit_id
    left join members
        on
            daily_moves.dimension = members.dimension
            and daily_moves.member_id = members.member_id
),

known as (
    select
        dimension,
        member_id,
        date_day,
        sum(delta) as delta
    from placed
    group by dimension, member_id, date_day
),

levels as (
    select
        dimension,
        member_id,
        date_day as first_day,
        lead(date_day) over (partition by dimension, member_id order by date_day) as next_day,
        sum(delta) over (
            partition by dimension, member_id
            order by date_day
            rows between unbounded preceding and current row
        ) as open_count
    from known
),

days as (
    select
        levels.dimension,
        levels.member_id,
        dates.date_day,
        cast(levels.open_count as {{ dbt.type_bigint() }}) as open_count
    from levels
    cross join as_of
    inner join dates
        on
            levels.first_day <= dates.date_day
            and dates.date_day < coalesce(levels.next_day, {{ add_days('as_of.last_day', '1') }})
    where
        levels.open_count > 0
        or levels.next_day is not null
)

select * from days
