-- Median with its interval and 90th percentile of the durations that are published so, by period and dimension member. Values are
-- gathered into lists by day and column, lists are put together into members and longer periods, and sorted at the very end.
{%- set columns = cell_columns() %}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),
{%- for one in ranked_ticket_measures() %}

{{ one.measure }}_values as (
    select
        {{ reporting_date(one.observed_at) }} as observed_on,
        {%- for column in columns %}
        {{ one.get(column, column) }} as {{ column }},
        {%- endfor %}
        {{ listed_seconds(one.amount) }} as amount
    from tickets
    where
        {{ one.observed_at }} is not null
        and {{ one.amount }} is not null
),

{{ one.measure }}_lists as (
    {{ gather_by_column(one.measure, one.measure ~ '_values', columns) | indent(4) }}
),
{%- endfor %}

lists as (
    {%- for one in ranked_ticket_measures() %}
    select * from {{ one.measure }}_lists
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- The whole is put together out of the fewest lists, those by priority. The joins differ by dimension, and the linter takes each of them
-- for a part of the one before.
-- noqa: disable=layout.indent
member_lists as (
    {%- for dimension, cut in scorecard_dimensions().items() %}
    {%- set found = scorecard_member('lists', dimension) %}
    select
        lists.measure,
        '{{ dimension }}' as dimension,
        {{ found.member }} as member_id,
        lists.observed_on as period_start,
        lists.amounts
    from lists
    {{ found.join }}
    where lists.cut = '{{ cut.column or "priority" }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
-- noqa: enable=layout.indent
{%- for grain, finer in [('day', 'member'), ('week', 'day'), ('month', 'day'), ('quarter', 'month'), ('year', 'quarter')] %}
{%- set period = 'period_start' if grain == 'day' else period_start(grain, 'period_start') %}

{{ grain }}_lists as (
    {{ join_lists(
        finer ~ '_lists',
        'measure, dimension, member_id, ' ~ (period if grain == 'day' else period ~ ' as period_start'),
        'measure, dimension, member_id, ' ~ period
    ) }}
),
{%- endfor %}

sorted as (
    {%- for grain in period_grains() %}
    select
        measure,
        '{{ grain }}' as period_grain,
        period_start,
        dimension,
        member_id,
        {{ length_of('amounts') }} as observations_count,
        {{ sorted_list('amounts') }} as amounts
    from {{ grain }}_lists
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

quantiles as (
    select
        measure,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ quantile_of('amounts', 'observations_count', '0.5') }} as median_amount,
        {{ quantile_of('amounts', 'observations_count', '0.9') }} as p90_amount,
        {{ value_at('amounts', median_bound_rank('observations_count', 'low')) }} as median_low,
        {{ value_at('amounts', median_bound_rank('observations_count', 'high')) }} as median_high
    from sorted
)

select * from quantiles
