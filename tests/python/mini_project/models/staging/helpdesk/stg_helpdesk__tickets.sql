select
    ticket_id,
    cast(created_at as timestamp) as created_at,
    cast(minutes as bigint) as minutes
{%- if target.type == 'duckdb' %}
from read_csv(
    '{{ env_var("SUPPORT_KPIS_RAW_DIR") | replace("'", "''") }}/tickets.csv',
    all_varchar = true, header = true,
    names = ['ticket_id', 'created_at', 'minutes']
)
{%- else %}
from {{ env_var('SUPPORT_KPIS_RAW_SCHEMA', 'raw_landed') }}.tickets
{%- endif %}
