select max(created_at) as as_of
from {{ ref('stg_helpdesk__tickets') }}
