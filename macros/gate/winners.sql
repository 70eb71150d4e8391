{#-
    Judges the versions that won against other rows: parents, merges. Losing versions keep their verdict.

    Args:
        raw_table: name in the contract.
        rules: list of dicts `reason`, `when`, `detail`, tried in order.
        joins: SQL of the joins that the conditions need; the row is called `versions`.
        additions: list of qualified columns of the joined relations to carry along.
    Returns: a select with the columns of `versions`, `verdict` and `defect` made final.
-#}
{% macro reject_winners(raw_table, rules, joins, additions=[]) -%}
select
{%- for column in contract(raw_table).columns %}
    versions.{{ column.name }},
    versions.raw_{{ column.name }},
{%- endfor %}
{%- for addition in additions %}
    {{ addition }},
{%- endfor %}
    versions.raw_unknown_columns,
    versions.raw_key,
    case
        when versions.verdict <> 'accepted' then versions.verdict
    {%- for rule in rules %}
        when {{ rule.when }} then 'quarantined'
    {%- endfor %}
        else versions.verdict
    end as verdict,
    case
        when versions.verdict <> 'accepted' then versions.defect
    {%- for rule in rules %}
        when {{ rule.when }} then '{{ rule.reason }}|' || {{ rule.detail }}
    {%- endfor %}
    end as defect
from versions
{{ joins }}
{%- endmacro %}
