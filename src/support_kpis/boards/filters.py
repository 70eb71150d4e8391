"""What the filters of the boards offer."""

from __future__ import annotations

from support_kpis.boards.parts import Column, Dataset
from support_kpis.boards.scores import LABELS

PERIODS = Dataset(
    "filter_periods",
    "One row a length of period.",
    "select distinct period_grain from marts.kpi_scorecard",
    (Column("period_grain", label="Period"),),
)
UNITS = Dataset(
    "filter_business_units",
    "One row a business unit.",
    f"with {LABELS}\n\nselect distinct business_unit from unit_labels",
    (Column("business_unit", label="Business unit"),),
)
TEAMS = Dataset(
    "filter_teams",
    "One row a team.",
    f"with {LABELS}\n\nselect distinct team from team_labels",
    (Column("team", label="Team"),),
)
CHANNELS = Dataset(
    "filter_channels",
    "One row a channel.",
    "select distinct member_id as channel from marts.kpi_scorecard where dimension = 'channel'",
    (Column("channel", label="Channel"),),
)
PRIORITY_LEVELS = Dataset(
    "filter_priorities",
    "One row a priority.",
    "select distinct member_id as priority from marts.kpi_scorecard where dimension = 'priority'",
    (Column("priority", label="Priority"),),
)
RAW_TABLES = Dataset(
    "filter_raw_tables",
    "One row a raw table.",
    "select raw_table from marts.ops_reconciliation",
    (Column("raw_table", label="Raw table"),),
)
