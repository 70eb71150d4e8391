{#- The lists by which the scorecard is cut, said once. -#}

{#- Period grains, from the finest. -#}
{% macro period_grains() -%}
    {{ return(['day', 'week', 'month', 'quarter', 'year']) }}
{%- endmacro %}


{#-
    Dimensions of the scorecard with the column of an observation that holds their member, which scopes of observations have them
    (see observed_measures), and from which cells they are added up (see scorecard_cells).
-#}
{% macro scorecard_dimensions() -%}
    {{ return({
        'all': {'cell': 'organisation', 'column': none, 'scopes': ['ticket', 'all_but_channel', 'customer', 'employee']},
        'business_unit': {'cell': 'organisation', 'column': 'business_unit_id', 'scopes': ['ticket', 'all_but_channel', 'customer', 'employee']},
        'team': {'cell': 'organisation', 'column': 'team_id', 'scopes': ['ticket', 'all_but_channel', 'employee']},
        'agent': {'cell': 'agent', 'column': 'agent_id', 'scopes': ['ticket', 'all_but_channel']},
        'channel': {'cell': 'audience', 'column': 'channel', 'scopes': ['ticket', 'channel_only']},
        'priority': {'cell': 'matter', 'column': 'priority', 'scopes': ['ticket', 'all_but_channel']},
        'topic': {'cell': 'matter', 'column': 'topic_id', 'scopes': ['ticket', 'all_but_channel']},
        'segment': {'cell': 'audience', 'column': 'segment', 'scopes': ['ticket', 'all_but_channel', 'customer']},
    }) }}
{%- endmacro %}


{#- Scores are counted as whole numbers of this many parts, so that their sums are exact. -#}
{% macro score_parts() -%}100000000000{%- endmacro %}


{#- A score from 0 to 1 in whole parts (see score_parts). -#}
{% macro in_score_parts(expression) -%}
    cast(floor({{ as_double(expression) }} * {{ score_parts() }} + 0.5) as {{ dbt.type_bigint() }})
{%- endmacro %}
