{{ config(materialized='view') }}

-- Each observation once for every dimension that it has, a business unit's for all units above it too. A member that the input
-- does not know, or none, is `unknown`.
with observations as (
    select * from {{ ref('int_kpi_observations') }}
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
    select
        observations.measure,
        '{{ dimension }}' as dimension,
        {%- if dimension == 'all' %}
        'all' as member_id,
        {%- elif dimension == 'business_unit' %}
        coalesce(ancestors.ancestor_id, 'unknown') as member_id,
        {%- elif dimension in ('team', 'agent', 'topic') %}
        coalesce(members.member_id, 'unknown') as member_id,
        {%- else %}
        coalesce(observations.{{ cut.column }}, 'unknown') as member_id,
        {%- endif %}
        observations.observed_on,
        observations.amount
    from observations
    {%- if dimension == 'business_unit' %}
    left join ancestors on observations.business_unit_id = ancestors.business_unit_id
    {%- elif dimension in ('team', 'agent', 'topic') %}
    left join members
        on
            members.dimension = '{{ dimension }}'
            and observations.{{ cut.column }} = members.member_id
    {%- endif %}
    where observations.scope in ({{ quoted_list(cut.scopes) }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from by_member
