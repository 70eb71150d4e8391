{#-
    The last select of a gate model: typed values (defaults filled in), verdict, reason, detail and, for a rejected row,
    the raw record with personal and unknown columns masked.

    Args:
        raw_table: name in the contract.
        settled: name of the CTE before: the columns of `versions`, where `verdict` and `defect` are final.
        overrides: dict of column name to SQL that takes the place of the typed value.
        additions: dict of new column name to SQL.
        left_out: columns that no model reads, not worth keeping of millions of rows.
    Returns: a select statement without a closing CTE.
-#}
{% macro gate_result(raw_table, settled, overrides={}, additions={}, left_out=[]) -%}
select
{%- for column in contract(raw_table).columns if column.name not in left_out %}
    {%- if column.name in overrides %}
    {{ overrides[column.name] }} as {{ column.name }},
    {%- elif column.default is not none %}
    coalesce({{ settled }}.{{ column.name }}, {{ literal(column) }}) as {{ column.name }},
    {%- else %}
    {{ settled }}.{{ column.name }},
    {%- endif %}
{%- endfor %}
{%- for name, expression in additions.items() %}
    {{ expression }} as {{ name }},
{%- endfor %}
    case when {{ settled }}.verdict = 'quarantined' then {{ settled }}.raw_key end as raw_key,
    {{ settled }}.verdict,
    split_part({{ settled }}.defect, '|', 1) as defect_reason,
    substr({{ settled }}.defect, {{ dbt.length("split_part(" ~ settled ~ ".defect, '|', 1)") }} + 2) as defect_detail,
    case when {{ settled }}.verdict = 'quarantined' then {{ raw_record(raw_table, settled) }} end as raw_record
from {{ settled }}
{%- endmacro %}


{#- A default of the contract as an SQL literal. -#}
{% macro literal(column) -%}
    {%- if column.type == 'text' -%}'{{ column.default }}'
    {%- else -%}{{ column.default | string | lower }}
    {%- endif -%}
{%- endmacro %}


{#- The raw row as a JSON object of texts; values of personal columns are masked. -#}
{% macro raw_record(raw_table, relation) -%}
    {%- set pairs = [] -%}
    {%- for column in contract(raw_table).columns -%}
        {%- set value = as_text(relation ~ '.raw_' ~ column.name) -%}
        {%- do pairs.append((column.name, "case when nullif(" ~ value ~ ", '') is not null then '***' end" if column.pii else value)) -%}
    {%- endfor -%}
    '{' || {{ json_members(pairs) }} || coalesce(', ' || {{ relation }}.raw_unknown_columns, '') || '}'
{%- endmacro %}
