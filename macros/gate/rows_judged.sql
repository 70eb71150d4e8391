{#-
    The rows of several gates in one shape.

    Args:
        gates: dict of raw table to gate relation.
    Returns: a select of raw_table, verdict, raw_key, defect_reason, defect_detail, raw_record and rows_count: one row a
        quarantined row (rows_count 1), and one for all rows of a table that share another verdict.
-#}
{% macro rows_judged(gates) -%}
    {%- for raw_table, gate in gates.items() %}
    {{ 'union all' if not loop.first }}
    select
        '{{ raw_table }}' as raw_table,
        verdict,
        raw_key,
        defect_reason,
        defect_detail,
        raw_record,
        1 as rows_count
    from {{ gate }}
    where verdict = 'quarantined'
    union all
    select
        '{{ raw_table }}' as raw_table,
        verdict,
        cast(null as {{ dbt.type_string() }}) as raw_key,
        cast(null as {{ dbt.type_string() }}) as defect_reason,
        cast(null as {{ dbt.type_string() }}) as defect_detail,
        cast(null as {{ dbt.type_string() }}) as raw_record,
        count(*) as rows_count
    from {{ gate }}
    where verdict <> 'quarantined'
    group by verdict
    {%- endfor %}
{%- endmacro %}


{#-
    How many rows each of several raw tables holds.

    Args:
        staged: dict of raw table to staging relation.
    Returns: a select of raw_table and rows_count.
-#}
{% macro rows_counted(staged) -%}
    {%- for raw_table, relation in staged.items() %}
    {{ 'union all' if not loop.first }}
    select
        '{{ raw_table }}' as raw_table,
        count(*) as rows_count
    from {{ relation }}
    {%- endfor %}
{%- endmacro %}
