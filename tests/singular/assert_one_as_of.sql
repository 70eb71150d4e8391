-- Protects all models that join to as_of: a second row would double their rows, none would empty them.
select count(*) as rows_count
from {{ ref('int_as_of') }}
having count(*) <> 1
