select
    'tickets' as raw_table,
    count(*) as raw_count,
    count(*) as accepted_count,
    cast(0 as bigint) as quarantined_count
from {{ ref('stg_helpdesk__tickets') }}
