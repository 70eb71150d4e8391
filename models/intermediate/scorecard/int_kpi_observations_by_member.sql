{{ config(materialized=light_view()) }}

-- Each observation of which ranks are published, once for every dimension that it has.
with observations as (
    select * from {{ ref('int_ticket_observations') }}
),

members as (
    select * from {{ ref('int_scorecard_members') }}
),

ancestors as (
    select * from {{ ref('int_business_unit_ancestors') }}
),

-- The joins differ by dimension, and the linter takes each of them for a part of the one before.
-- noqa: disable=layout.indent
by_member as (
    {%- for dimension, cut in scorecard_dimensions().items() %}
    {%- set found = scorecard_member('observations', dimension) %}
    select
        observations.measure,
        '{{ dimension }}' as dimension,
        {{ found.member }} as member_id,
        observations.observed_on,
        observations.amount
    from observations
    {{ found.join }}
    where observations.scope in ({{ quoted_list(cut.scopes) }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from by_member
