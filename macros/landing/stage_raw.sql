{#-
    The whole of a staging model: every column of the contract, read from the raw table as its type.

    Args:
        raw_table: name in the contract.
    Returns: a select with, per contract column, `<column>` (typed; null where empty or unreadable) and
        `raw_<column>` (as it arrived, in the type in which it is stored: as_text makes a text of it where one is needed, which costs
        much for millions of rows), and `raw_unknown_columns` (a JSON fragment that names the columns the contract
        does not know, values masked; null where there are none). A raw table that does not exist gives no row, a column that
        does not exist gives nulls. Nothing is judged here: the gate compares the two.
-#}
{% macro stage_raw(raw_table) %}
{%- set relation = raw_relation(raw_table) -%}
{%- set at_hand = columns_at_hand(relation) -%}
select
    {{ staged_columns(raw_table, at_hand) }}
{%- if at_hand %}
from {{ relation }}
{%- else %}
from (select 1 as nothing) as no_rows
where false
{%- endif %}
{% endmacro %}


{#-
    The select list of a staging model.

    Args:
        raw_table: name in the contract.
        at_hand: the columns that the raw table has, as columns_at_hand gives them.
-#}
{% macro staged_columns(raw_table, at_hand) %}
{%- set columns = contract(raw_table).columns -%}
{%- set known = columns | map(attribute='name') | list -%}
{%- for column in columns %}
    {%- if column.name in at_hand %}
        {%- set stored = quoted_name(at_hand[column.name].name) %}
        {%- set dtype = at_hand[column.name].dtype | lower %}
    {{ read_value(stored, dtype, column) }} as {{ column.name }},
    {{ raw_value(stored, dtype, column) }} as raw_{{ column.name }},
    {%- else %}
    cast(null as {{ sql_type(column.type) }}) as {{ column.name }},
    cast(null as {{ dbt.type_string() }}) as raw_{{ column.name }},
    {%- endif %}
{%- endfor %}
{%- set unknown = [] %}
{%- for name, column in at_hand.items() if name not in known %}
    {%- do unknown.append((fitting_name(name, unknown | map('first') | list), "case when " ~ quoted_name(column.name) ~ " is not null then '***' end")) %}
{%- endfor %}
    {% if unknown %}{{ json_members(unknown) }}{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as raw_unknown_columns
{%- endmacro %}


{#-
    One raw value, read as its type.

    Args:
        stored: SQL of the stored column.
        dtype: its type in the database, lower case.
        column: the contract's column (see `contract`).
    Returns: SQL of the typed value; null where it is empty or cannot be read.
-#}
{% macro read_value(stored, dtype, column) -%}
    {%- set text = text_of_stored(stored, dtype) if column.type == 'text' else as_text(stored) -%}
    {%- if column.type == 'text' -%}
        {%- if column['values'] or column.name in ('status', 'priority') -%}
            nullif({{ listed_word(text) }}, '')
        {%- else -%}
            nullif({{ text }}, '')
        {%- endif -%}
    {%- elif column.type == 'timestamp' and dtype.startswith('timestamp') -%}
        {{ cut_to_second(stored, dtype) }}
    {%- elif column.type == 'date' and dtype.startswith('timestamp') -%}
        {#- Data frames keep dates as timestamps; one with a time of day is no date. -#}
        {%- set instant = as_plain_timestamp(stored, dtype) -%}
        case when {{ instant }} = date_trunc('day', {{ instant }}) then cast({{ instant }} as date) end
    {%- elif column.type == 'date' and dtype == 'date' or column.type == 'boolean' and dtype == 'boolean' -%}
        {{ stored }}
    {%- elif column.type in ('integer', 'number', 'decimal') and is_stored_as(dtype, column.type) -%}
        {{ stored_number(stored, column.type) }}
    {%- elif column.type == 'timestamp' -%}
        {{ safe_timestamp(text) }}
    {%- elif column.type == 'date' -%}
        {{ safe_date(text) }}
    {%- elif column.type == 'boolean' -%}
        {{ safe_boolean(text) }}
    {%- elif column.type == 'integer' -%}
        {{ safe_integer(text) }}
    {%- elif column.type == 'number' -%}
        {{ safe_number(text) }}
    {%- elif column.type == 'decimal' -%}
        {{ safe_decimal(text) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error("The contract's type '" ~ column.type ~ "' of column " ~ column.name ~ " is unknown.") }}
    {%- endif -%}
{%- endmacro %}


{#-
    One raw value as it arrived: as it is stored, or as it would be written where a data frame gave a date or an id another type. Other
    engines get their raw rows as texts, and a rejected row is to show the same.
-#}
{% macro raw_value(stored, dtype, column) -%}
    {%- if column.type == 'text' -%}
        {{ text_of_stored(stored, dtype) if is_floating(dtype) else stored }}
    {%- elif column.type == 'date' and dtype.startswith('timestamp') -%}
        {%- set instant = as_plain_timestamp(stored, dtype) -%}
        case when {{ instant }} = date_trunc('day', {{ instant }}) then {{ as_text('cast(' ~ instant ~ ' as date)') }} else {{ as_text(stored) }} end
    {%- else -%}
        {{ stored }}
    {%- endif -%}
{%- endmacro %}


{#- A stored value as a text. Data frames keep whole numbers that are missing somewhere as doubles: 17.0 is the id 17. -#}
{% macro text_of_stored(stored, dtype) -%}
    {%- if is_floating(dtype) -%}
        case when {{ stored }} = floor({{ stored }}) and abs({{ stored }}) < 1e15 then {{ as_text('cast(' ~ stored ~ ' as ' ~ dbt.type_bigint() ~ ')') }} else {{ as_text(stored) }} end
    {%- else -%}
        {{ as_text(stored) }}
    {%- endif -%}
{%- endmacro %}


{#- True where a database type (its name in small letters) is one of doubles or floats. -#}
{% macro is_floating(dtype) -%}
    {{ return(dtype in ('double', 'float', 'real', 'double precision')) }}
{%- endmacro %}


{#- The database type that a type of the contract is read into. -#}
{% macro sql_type(contract_type) -%}
    {{- {
        'text': dbt.type_string(),
        'timestamp': dbt.type_timestamp(),
        'date': 'date',
        'boolean': dbt.type_boolean(),
        'integer': dbt.type_bigint(),
        'number': type_double(),
        'decimal': 'decimal(23, 10)',
    }[contract_type] -}}
{%- endmacro %}
