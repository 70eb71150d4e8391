-- depends_on: {{ ref('int_as_of') }}
select *
from refresh_log.refresh_runs
