{#-
    Before a run: lays a view raw.<table> over each file of the raw folder, so that the sources find it. A table without a
    file becomes an empty view, a missing column a column of nulls. Does nothing where no raw folder is set.

    Returns: no SQL; the views are made at once.
    Errors: a compiler error says which folder does not exist. (The driver checks the files more closely beforehand.)
-#}
{% macro land_raw_files() %}
    {%- if execute and setting('raw_dir') and flags.WHICH in ('build', 'run', 'test', 'run-operation', 'compile', 'show', 'source-freshness', 'freshness') -%}
        {%- do adapter.dispatch('land_raw_files', 'support_kpis')(setting('raw_dir')) -%}
    {%- endif -%}
{% endmacro %}

{% macro default__land_raw_files(raw_dir) %}
    {{ exceptions.raise_compiler_error('Reading a raw folder is done by the driver on this engine: run support-kpis refresh.') }}
{% endmacro %}

{% macro duckdb__land_raw_files(raw_dir) %}
    {%- set folder = raw_dir.rstrip('/') | replace("'", "''") -%}
    {%- if run_query("select count(*) from glob('" ~ folder ~ "/**')").columns[0].values()[0] == 0 -%}
        {{ exceptions.raise_compiler_error("The raw folder '" ~ raw_dir ~ "' does not exist or is empty: set raw_dir (SUPPORT_KPIS_RAW_DIR) to a folder that holds tickets.csv or tickets.parquet.") }}
    {%- endif -%}
    {%- do run_query('create schema if not exists raw') -%}
    {%- for raw_table in raw_tables() -%}
        {%- set columns = contract(raw_table).columns -%}
        {%- set reader = raw_file_reader(folder, raw_table) -%}
        {%- set at_hand = {} -%}
        {%- if reader -%}
            {%- for name in run_query('describe select * from ' ~ reader).columns[0].values() -%}
                {%- do at_hand.update({name | trim | lower: name}) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- set selected = [] -%}
        {%- for column in columns -%}
            {%- if column.name in at_hand -%}
                {%- do selected.append(quoted_name(at_hand.pop(column.name)) ~ ' as ' ~ column.name) -%}
            {%- else -%}
                {%- do selected.append('cast(null as varchar) as ' ~ column.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for name in at_hand.values() -%}
            {%- do selected.append(quoted_name(name)) -%}
        {%- endfor -%}
        {%- do run_query(
            'create or replace view raw.' ~ raw_table ~ ' as select ' ~ selected | join(', ')
            ~ (' from ' ~ reader if reader else ' where false')
        ) -%}
    {%- endfor -%}
{% endmacro %}


{#-
    The DuckDB table function that reads the files of one raw table.

    Args:
        folder: the raw folder, quotes doubled.
        raw_table: name in the contract.
    Returns: SQL such as read_csv('...', ...); an empty text where there is no file, or only one without a byte.
-#}
{% macro raw_file_reader(folder, raw_table) %}
    {%- set path = folder ~ '/' ~ raw_table -%}
    {%- set found = run_query(
        "select (select count(*) from glob('" ~ path ~ ".csv')), (select count(*) from glob('" ~ path ~ ".parquet')), (select count(*) from glob('" ~ path ~ "/*.parquet'))"
    ).rows[0] -%}
    {%- if found[0] -%}
        {%- set has_bytes = run_query("select size > 0 from read_blob('" ~ path ~ ".csv')").columns[0].values()[0] -%}
        {{ return("read_csv('" ~ path ~ ".csv', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = true, sample_size = 1, skip = 0, comment = '', null_padding = false, strict_mode = true, max_line_size = 16777216)" if has_bytes else '') }}
    {%- elif found[1] -%}
        {{ return("read_parquet('" ~ path ~ ".parquet')") }}
    {%- elif found[2] -%}
        {{ return("read_parquet('" ~ path ~ "/*.parquet', union_by_name = true)") }}
    {%- else -%}
        {{ return('') }}
    {%- endif -%}
{% endmacro %}
