{#-
    CTEs that settle which of several sound rows with one key holds: the latest loaded_at, then updated_at where there is
    one, then the row whose values sort last. The others are superseded; an identical repeat (in all columns but loaded_at)
    is a duplicate. Rows whose key stands alone, nearly all, skip the sorting and are read straight through: no CTE on their way
    is kept (see `inlined`), for millions of wide rows would be written down only to be read again. Keys are counted by a short hash; two
    that share one are sorted with the repeated ones, and each is the only version of its own key there.

    Args:
        raw_table: name in the contract.
        judged: name of the CTE before, with every column of the CTE `staged` and `defect`.
    Returns: the CTEs repeated_keys, keyed, alone, ranked, repeated and versions; `versions` has every row of `judged`
        with `raw_key` and `verdict`.
-#}
{% macro settle_versions(raw_table, judged) -%}
{%- set table = contract(raw_table) -%}
{%- set values = table.columns | rejectattr('name', 'equalto', 'loaded_at') | map(attribute='name') | list -%}
repeated_keys as (
    select {{ short_hash(raw_key(raw_table, 'staged')) }} as key_hash
    from staged
    group by {{ short_hash(raw_key(raw_table, 'staged')) }}
    having count(*) > 1
),

keyed as {{ inlined() }} (
    select
        {{ judged }}.*,
        {{ raw_key(raw_table, judged) }} as raw_key
    from {{ judged }}
),

alone as {{ inlined() }} (
    select
        keyed.*,
        case when keyed.defect is null then 'accepted' else 'quarantined' end as verdict
    from keyed
    left join repeated_keys on {{ short_hash('keyed.raw_key') }} = repeated_keys.key_hash
    where keyed.defect is not null or repeated_keys.key_hash is null
),

ranked as (
    select
        keyed.*,
        row_number() over (
            partition by keyed.raw_key
            order by {{ latest_first(values) }}
        ) as version_rank
    from keyed
    inner join repeated_keys on {{ short_hash('keyed.raw_key') }} = repeated_keys.key_hash
    where keyed.defect is null
),

repeated as (
    select
        ranked.*,
        row_number() over (
            partition by ranked.raw_key{% for name in values %}, coalesce({{ as_text('ranked.raw_' ~ name) }}, ''){% endfor %}
            order by ranked.version_rank
        ) as copy_rank
    from ranked
),

versions as {{ inlined() }} (
    select
        {{ keyed_columns(raw_table) }},
        alone.verdict
    from alone
    union all
    select
        {{ keyed_columns(raw_table) | replace('alone.', 'repeated.') }},
        case
            when repeated.version_rank = 1 then 'accepted'
            when repeated.copy_rank > 1 then 'duplicate'
            else 'superseded'
        end as verdict
    from repeated
),
{%- endmacro %}


{#- The columns of `keyed`, qualified by `alone`. -#}
{% macro keyed_columns(raw_table) -%}
    {%- for column in contract(raw_table).columns -%}
        alone.{{ column.name }},
        alone.raw_{{ column.name }},
        {% endfor -%}
        alone.raw_unknown_columns,
        alone.defect,
        alone.raw_key
{%- endmacro %}


{#- The order in which versions of a row hold: see settle_versions. -#}
{% macro latest_first(names) -%}
    keyed.loaded_at desc nulls last
    {%- if 'updated_at' in names %}, keyed.updated_at desc nulls last{% endif %}
    {%- for name in names %}, {{ bytewise("coalesce(" ~ as_text("keyed.raw_" ~ name) ~ ", '')") }} desc{% endfor %}
{%- endmacro %}


{#-
    The key of a raw row as one text: the key column, or the key columns joined by a bar.

    Args:
        raw_table: name in the contract.
        relation: alias to read from.
-#}
{% macro raw_key(raw_table, relation) -%}
    {%- set key = contract(raw_table).key -%}
    {%- if key | length == 1 -%}
        {{ relation }}.{{ key[0] }}
    {%- else -%}
        {%- for name in key -%}
            {#- A bar within a value is told from the bar between two. -#}
            {{ " || '|' || " if not loop.first }}replace(replace(coalesce(cast({{ relation }}.{{ name }} as {{ dbt.type_string() }}), ''), chr(92), chr(92) || chr(92)), '|', chr(92) || '|')
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
