-- Every KPI, the headlines first, in their order.
select
    kpi_key, kpi_name, area, description, formula, caveat, unit, direction, owner, is_available,
    unavailable_reason, headline_rank
from marts.kpi_catalog
order by headline_rank is null, headline_rank, area desc, kpi_name
