"""The dashboards in the order in which people read them."""

from support_kpis.boards.experience import EXPERIENCE
from support_kpis.boards.health import HEALTH
from support_kpis.boards.loyalty import LOYALTY
from support_kpis.boards.overview import OVERVIEW
from support_kpis.boards.response import RESPONSE
from support_kpis.boards.workload import WORKLOAD

BOARDS = (OVERVIEW, RESPONSE, EXPERIENCE, LOYALTY, WORKLOAD, HEALTH)
