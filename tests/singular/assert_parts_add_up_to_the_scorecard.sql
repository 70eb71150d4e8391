-- Protects dashboards against figures that change with the way they are chosen: parts added up over everything else are the scorecard's
-- own numerators and denominators, by day, for all and by team, channel and priority.
with parts as (
    select * from {{ ref('kpi_parts') }}
),

measured as (
    select distinct kpi_key from {{ ref('kpi_parts') }}
),

scorecard as (
    select scores.*
    from {{ ref('kpi_scorecard') }} as scores
    inner join measured on scores.kpi_key = measured.kpi_key
    where scores.period_grain = 'day'
),

added as (
    {%- for dimension, column in [('all', none), ('team', 'team_id'), ('channel', 'channel'), ('priority', 'priority')] %}
    select
        '{{ dimension }}' as dimension,
        {{ column or "'all'" }} as member_id,
        kpi_key,
        date_day as period_start,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from parts
    {%- if column %}
    where {{ column }} <> 'not_cut'
    {%- endif %}
    group by kpi_key, date_day{{ ', ' ~ column if column }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

expected as (
    select
        dimension,
        member_id,
        kpi_key,
        period_start,
        numerator,
        denominator,
        sample_size
    from scorecard
    where
        dimension in ('all', 'team', 'channel', 'priority')
        and sample_size > 0
        -- Interactions do not add up by channel.
        and not (dimension = 'channel' and kpi_key = 'interactions_per_ticket')
)

select
    coalesce(added.kpi_key, expected.kpi_key) as kpi_key,
    coalesce(added.dimension, expected.dimension) as dimension,
    coalesce(added.member_id, expected.member_id) as member_id,
    coalesce(added.period_start, expected.period_start) as period_start,
    added.numerator,
    expected.numerator as expected_numerator,
    added.denominator,
    expected.denominator as expected_denominator
from added
full outer join expected
    on
        added.kpi_key = expected.kpi_key
        and added.dimension = expected.dimension
        and added.member_id = expected.member_id
        and added.period_start = expected.period_start
where
    coalesce(added.sample_size, -1) <> coalesce(expected.sample_size, -1)
    or abs(coalesce(added.numerator, 0) - coalesce(expected.numerator, 0)) > 0.000001 * greatest(1, abs(coalesce(expected.numerator, 0)))
    or coalesce(added.denominator, -1) <> coalesce(expected.denominator, -1)
