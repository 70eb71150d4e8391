{#-
    Counting before cutting. Observations are first counted by day and by cells of one or two dimensions, and the members of each
    dimension are added up from the cells: far fewer rows than one for each observation and dimension.
-#}

{#- The cells: a name and the columns of an observation by which they are made. Each dimension is added up from one of them. -#}
{% macro scorecard_cells() -%}
    {{ return({
        'organisation': ['business_unit_id', 'team_id'],
        'agent': ['agent_id'],
        'audience': ['channel', 'segment'],
        'matter': ['priority', 'topic_id'],
    }) }}
{%- endmacro %}


{#- The cells in which parts are kept that add up over several dimensions at once: one, of all that a dashboard filters by. -#}
{% macro joint_cells() -%}
    {{ return({'joint': ['business_unit_id', 'team_id', 'channel', 'priority']}) }}
{%- endmacro %}


{#- The columns of cells, in order: those of the scorecard, or others of the same shape. -#}
{% macro cell_columns(cells=none) -%}
    {%- set found = [] -%}
    {%- for names in (cells or scorecard_cells()).values() -%}
        {%- do found.extend(names) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}


{#-
    Observations counted in cells.

    Args:
        relation: CTE with observed_on (local date), the columns of the cells, and amounts.
        amounts: list of columns of whole-number amounts; a null is no observation.
        keys: further columns to group by.
        flags: those of the amounts that are 0 or 1 only, whose squares need not be added up.
        money: those of which only the sum is wanted, and whose squares would have too many digits: they have none.
        cells: the cells, those of the scorecard by default.
    Returns: a select with the keys, observed_on, cell (its name), the columns of the cells (null but for the cell's own) and for each
        amount the columns count_<amount>, total_<amount> and squares_<amount>, all exact.
-#}
{% macro count_in_cells(relation, amounts, keys=[], cells=none, flags=[], money=[]) -%}
{%- set cells = cells or scorecard_cells() -%}
select
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    observed_on,
    {%- if cells | length == 1 %}
    '{{ cells.keys() | first }}' as cell,
    {%- else %}
    case
        {%- for cell, names in cells.items() %}
        when grouping({{ names[0] }}) = 0 then '{{ cell }}'
        {%- endfor %}
    end as cell,
    {%- endif %}
    {%- for name in cell_columns(cells) %}
    {{ name }},
    {%- endfor %}
    {%- for amount in amounts %}
    count({{ amount }}) as count_{{ amount }},
    {{ wide_sum(amount) }} as total_{{ amount }},
    {%- if amount in flags %}
    {{ wide_sum(amount) }} as squares_{{ amount }}{{ ',' if not loop.last }}
    {%- elif amount in money %}
    {{ as_wide_integer('null') }} as squares_{{ amount }}{{ ',' if not loop.last }}
    {%- else %}
    sum({{ as_wide_integer(amount) }} * {{ as_wide_integer(amount) }}) as squares_{{ amount }}{{ ',' if not loop.last }}
    {%- endif %}
    {%- endfor %}
from {{ relation }}
{%- if cells | length == 1 %}
group by {{ (keys + ['observed_on'] + (cells.values() | first)) | join(', ') }}
{%- else %}
group by grouping sets (
    {%- for names in cells.values() %}
    ({{ (keys + ['observed_on'] + names) | join(', ') }}){{ ',' if not loop.last }}
    {%- endfor %}
)
{%- endif %}
{%- endmacro %}


{#-
    How the member of a dimension is found for a row with the columns of an observation.

    Args:
        relation: alias of the row. The CTEs `members` (int_scorecard_members) and `ancestors` (int_business_unit_ancestors) are at hand.
        dimension: one of scorecard_dimensions.
    Returns: a dict of `member`, SQL of the member's id (a business unit's row has one for each unit above it too; what the input does
        not know, or none, is unknown), and `join`, SQL of the join that it takes, empty where it takes none.
-#}
{% macro scorecard_member(relation, dimension) -%}
    {%- set column = relation ~ '.' ~ (scorecard_dimensions()[dimension].column or '') -%}
    {%- if dimension == 'all' -%}
        {{ return({'member': "'all'", 'join': ''}) }}
    {%- elif dimension == 'business_unit' -%}
        {{ return({
            'member': "coalesce(ancestors.ancestor_id, 'unknown')",
            'join': 'left join ancestors on ' ~ column ~ ' = ancestors.business_unit_id',
        }) }}
    {%- elif dimension in ('team', 'agent', 'topic') -%}
        {{ return({
            'member': "coalesce(members.member_id, 'unknown')",
            'join': "left join members on members.dimension = '" ~ dimension ~ "' and " ~ column ~ ' = members.member_id',
        }) }}
    {%- else -%}
        {{ return({'member': 'coalesce(' ~ column ~ ", 'unknown')", 'join': ''}) }}
    {%- endif -%}
{%- endmacro %}


{#-
    What a person calls a member of a dimension.

    Args:
        relation: alias of a row with `dimension` and `member_id`. int_scorecard_members is joined to it as `members`.
    Returns: SQL of a text; the id where the input gives no name.
-#}
{% macro scorecard_member_name(relation) -%}
    case
        when {{ relation }}.dimension = 'all' then 'All'
        when {{ relation }}.member_id = 'unknown' then coalesce(members.member_name, 'Unknown')
        else coalesce(members.member_name, {{ relation }}.member_id)
    end
{%- endmacro %}
