"""The dirt of the small tables: rows broken in every way that the contract names, repeats and outdated
versions.

Every output has all of it, whatever its size.
"""

from __future__ import annotations

import random

from support_kpis.simulate.dirt import Soil, changed, later, value
from support_kpis.simulate.listings import Row
from support_kpis.simulate.tables import RAW
from support_kpis.simulate.world import World

# Table, reason, detail, and the row with commas between its values (loaded_at last, where the table has it).
_BROKEN: tuple[tuple[str, str, str, str], ...] = (
    ("business_units", "missing_required", "no id", ",Unit without an id,bu-retail"),
    ("business_units", "ancestor_loop", "its own parent", "bu-narcissus,Mirrors,bu-narcissus"),
    ("business_units", "ancestor_loop", "two in a loop", "bu-hen,Hens,bu-egg"),
    ("business_units", "ancestor_loop", "two in a loop", "bu-egg,Eggs,bu-hen"),
    ("teams", "missing_required", "no id", ",Team without an id,1,bu-retail,"),
    ("teams", "unreadable_value", "tier 1.5", "team-mezzanine,Between the floors,1.5,bu-retail,"),
    ("teams", "unreadable_value", "tier second", "team-words,Tier in words,second,bu-retail,"),
    ("agents", "missing_required", "no id", ",Nobody Nowhere,,team-eu,agent,,,"),
    (
        "agents",
        "unreadable_value",
        "hired_on 31.12.2023",
        "a-x1,Dotted Date,x1@example.org,team-eu,agent,31.12.2023,,20.00",
    ),
    (
        "agents",
        "unreadable_value",
        "left_on with a time",
        "a-x2,Timed Date,x2@example.org,team-eu,agent,2023-12-31,2024-12-31 10:00:00,20.00",
    ),
    (
        "agents",
        "unreadable_value",
        "hourly_cost twenty",
        "a-x3,Wordy Wage,x3@example.org,team-eu,agent,2023-12-31,,twenty",
    ),
    ("agents", "value_not_allowed", "role wizard", "a-x4,Wanda Wand,,team-eu,wizard,,,"),
    ("agent_team_history", "missing_required", "no agent", ",team-eu,2024-01-01 00:00:00,"),
    ("agent_team_history", "missing_required", "no team", "a-x5,,2024-01-01 00:00:00,"),
    ("agent_team_history", "missing_required", "no valid_from", "a-x5,team-eu,,"),
    ("agent_team_history", "unreadable_value", "valid_to soon", "a-x6,team-eu,2024-01-01 00:00:00,soon"),
    ("agent_shifts", "missing_required", "no id", ",a001,2024-06-01 08:00:00,2024-06-01 16:00:00"),
    ("agent_shifts", "missing_required", "no agent", "sx1,,2024-06-01 08:00:00,2024-06-01 16:00:00"),
    ("agent_shifts", "missing_required", "no start", "sx2,a001,,2024-06-01 16:00:00"),
    ("agent_shifts", "missing_required", "no end", "sx3,a001,2024-06-01 08:00:00,"),
    ("agent_shifts", "unreadable_value", "ends_at 4 pm", "sx4,a001,2024-06-01 08:00:00,4 pm"),
    (
        "agent_shifts",
        "end_before_start",
        "ends a second before it starts",
        "sx5,a001,2024-06-01 08:00:00,2024-06-01 07:59:59",
    ),
    ("topics", "missing_required", "no id", ",Topic without an id,true"),
    ("topics", "unreadable_value", "is_first_line_resolvable sometimes", "topic-x1,Sometimes,sometimes"),
    ("kb_articles", "missing_required", "no id", ",topic-login,Article without an id,,"),
    (
        "kb_articles",
        "unreadable_value",
        "published_at last spring",
        "kbx1,topic-customs,Customs for beginners,last spring,",
    ),
    (
        "kb_articles",
        "unreadable_value",
        "retired_at 2024-06-31",
        "kbx2,topic-privacy,Your data,2024-01-01 00:00:00,2024-06-31 00:00:00",
    ),
    ("schedules", "missing_required", "no id", ",Schedule without an id,UTC"),
    ("schedules", "missing_required", "no zone", "sch-x1,Schedule without a zone,"),
    ("schedules", "unknown_time_zone", "Atlantis/Capital", "sch-atlantis,The old brand's,Atlantis/Capital"),
    ("schedule_hours", "missing_required", "no schedule", ",1,09:00,17:00,,"),
    ("schedule_hours", "missing_required", "no day", "sch-berlin,,09:00,17:00,,"),
    ("schedule_hours", "missing_required", "no opening", "sch-berlin,6,,17:00,,"),
    ("schedule_hours", "missing_required", "no closing", "sch-berlin,6,09:00,,,"),
    ("schedule_hours", "unreadable_value", "valid_to later", "sch-berlin,6,09:01,17:00,,later"),
    ("schedule_hours", "invalid_opening_hours", "9 am", "sch-berlin,6,9 am,17:00,,"),
    ("schedule_hours", "invalid_opening_hours", "24:01", "sch-berlin,6,09:02,24:01,,"),
    ("schedule_hours", "invalid_opening_hours", "closes as it opens", "sch-berlin,6,09:03,09:03,,"),
    ("schedule_hours", "invalid_opening_hours", "closes before it opens", "sch-berlin,6,20:00,08:00,,"),
    ("schedule_hours", "invalid_opening_hours", "day 0", "sch-berlin,0,09:00,17:00,,"),
    ("schedule_hours", "invalid_opening_hours", "day 8", "sch-berlin,8,09:00,17:00,,"),
    ("holidays", "missing_required", "no schedule", ",2024-12-24,Christmas Eve"),
    ("holidays", "missing_required", "no day", "sch-berlin,,A day off"),
    ("sla_policies", "missing_required", "no target", "sla-x1,resolution,low,,,calendar,,"),
    ("sla_policies", "missing_required", "no priority", "sla-x2,resolution,,,60,calendar,,"),
    (
        "sla_policies",
        "unreadable_value",
        "target_minutes an hour",
        "sla-x3,resolution,low,,an hour,calendar,,",
    ),
    ("sla_policies", "value_not_allowed", "metric last_response", "sla-x4,last_response,low,,60,calendar,,"),
    ("sla_policies", "value_not_allowed", "clock lunar", "sla-x5,resolution,low,,60,lunar,,"),
    (
        "sla_policies",
        "negative_target",
        "target_minutes -60",
        "sla-x6,first_response,urgent,bu-rail,-60,calendar,,",
    ),
    ("exchange_rates", "missing_required", "no currency", ",2024-01-01,1.0"),
    ("exchange_rates", "missing_required", "no day", "EUR,,1.0"),
    ("exchange_rates", "missing_required", "no rate", "XAU,2023-01-01,"),
    ("exchange_rates", "unreadable_value", "rate n/a", "XAU,2023-01-02,n/a"),
    (
        "employee_survey_responses",
        "missing_required",
        "no id",
        ",esat,2024-Q2,2024-05-01 10:00:00,team-eu,4,,,,2025-01-15 03:00:00",
    ),
    (
        "employee_survey_responses",
        "missing_required",
        "no kind",
        "esx1,,2024-Q2,2024-05-01 10:00:00,team-eu,4,,,,2025-01-15 03:00:00",
    ),
    (
        "employee_survey_responses",
        "missing_required",
        "no wave",
        "esx2,esat,,2024-05-01 10:00:00,team-eu,4,,,,2025-01-15 03:00:00",
    ),
    (
        "employee_survey_responses",
        "unreadable_value",
        "score four",
        "esx3,esat,2024-Q2,2024-05-01 10:00:00,team-eu,four,,,,2025-01-15 03:00:00",
    ),
    (
        "employee_survey_responses",
        "value_not_allowed",
        "survey_type mood",
        "esx4,mood,2024-Q2,2024-05-01 10:00:00,team-eu,4,,,,2025-01-15 03:00:00",
    ),
    (
        "employee_survey_responses",
        "score_outside_scale",
        "esat 6 of 5",
        "esx5,esat,2024-Q2,2024-05-01 10:00:00,team-eu,6,,,,2025-01-15 03:00:00",
    ),
    (
        "employee_survey_responses",
        "score_outside_scale",
        "enps 11 of 10",
        "esx6,enps,2024-Q2,2024-05-01 10:00:00,team-eu,11,,,,2025-01-15 03:00:00",
    ),
)

# Sound rows that only look wrong, or that point nowhere: all accepted.
_ACCEPTED: tuple[tuple[str, Row], ...] = (
    # A validity that ends before it starts is never in force.
    ("agent_team_history", ("a001", "team-legal", "2024-02-02 00:00:00", "2024-02-01 00:00:00")),
    ("agent_team_history", ("a-gone", "team-gone", "2024-01-01 00:00:00", "")),
    ("schedule_hours", ("sch-atlantis", "1", "09:00", "17:00", "", "")),
    ("holidays", ("sch-atlantis", "2024-12-25", "Christmas")),
    ("agent_shifts", ("sx9", "a-gone", "2024-06-01 08:00:00", "2024-06-01 08:00:00")),
    ("kb_articles", ("kbx9", "topic-gone", "About nothing", "2024-01-01 00:00:00", "")),
)

# Broken newer versions of the first sound row of a table: the sound one stays.
_BROKEN_UPDATES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("teams", "unreadable_value", "tier one", {"tier": "one"}),
    ("agents", "value_not_allowed", "role oracle", {"role": "oracle"}),
    ("agent_team_history", "unreadable_value", "valid_to never", {"valid_to": "never"}),
    ("agent_shifts", "unreadable_value", "ends_at late", {"ends_at": "late"}),
    ("topics", "unreadable_value", "is_first_line_resolvable hardly", {"is_first_line_resolvable": "hardly"}),
    ("schedules", "unknown_time_zone", "Europe/Atlantis", {"time_zone": "Europe/Atlantis"}),
    ("schedule_hours", "invalid_opening_hours", "closes at 7", {"closes_at": "7"}),
    ("sla_policies", "value_not_allowed", "clock sundial", {"clock": "sundial"}),
    ("exchange_rates", "unreadable_value", "rate par", {"rate": "par"}),
    ("employee_survey_responses", "unreadable_value", "score fine", {"score": "fine"}),
)

# Outdated versions of sound rows. Where there is no loaded_at the values decide, so these sort lower.
_OUTDATED: tuple[tuple[str, dict[str, str]], ...] = (
    ("business_units", {"name": "(was) a unit"}),
    ("teams", {"name": "(was) a team", "tier": "3"}),
    ("agents", {"name": "(was) called otherwise", "role": "manager"}),
    ("agent_team_history", {"team_id": "team-aaa"}),
    ("agent_shifts", {}),
    ("topics", {"name": "(was) a topic", "is_first_line_resolvable": "false"}),
    ("kb_articles", {"title": "(was) a title", "retired_at": "2024-01-01 00:00:00"}),
    ("schedules", {"name": "(was) a schedule", "time_zone": "Asia/Tokyo"}),
    ("schedule_hours", {}),
    ("holidays", {"name": "(was) a holiday"}),
    ("sla_policies", {"target_minutes": "1"}),
    ("exchange_rates", {"rate": "0.0001"}),
    ("employee_survey_responses", {"score": "1", "comment": "sent too early"}),
)


def world_soil(world: World, rows: dict[str, list[Row]]) -> Soil:
    """Make the small tables dirty.

    Args:
        world: the world, for its seed.
        rows: their clean rows.
    """
    soil = Soil(random.Random(f"{world.seed}/dirt/world"), rows)
    for table, reason, detail, text in _BROKEN:
        row = tuple(text.split(","))
        # Now and then the broken row itself comes twice; every copy is rejected.
        twice = reason == "unreadable_value" and row[0].endswith(("1", "3"))
        soil.quarantine(table, row, reason, detail, 2 if twice else 1)
    for table, row in _ACCEPTED:
        soil.add(table, row)
    for table, reason, detail, values in _BROKEN_UPDATES:
        base = soil.pick(table)
        if base is not None:
            row = changed(table, base, values)
            if RAW[table].has_loaded_at:
                row = changed(table, row, {"loaded_at": later(value(table, base, "loaded_at"), 30)})
            soil.quarantine(table, row, reason, f"newer than a sound row; {detail}")
    for table, values in _OUTDATED:
        _outdate(soil, table, values)
    for table in rows:
        soil.repeat_some(table, 1)
    return soil


def _outdate(soil: Soil, table: str, values: dict[str, str]) -> None:
    width = RAW[table].contract_width
    for _ in range(20):
        base = soil.pick(table)
        if base is None:
            return
        row = changed(table, base, values)
        if table == "agent_shifts":
            # An hour shorter: later than its start, and sorting before the whole shift.
            row = changed(table, row, {"ends_at": later(value(table, base, "ends_at"), -1)})
        if table == "schedule_hours":
            row = changed(table, row, {"closes_at": f"{value(table, base, 'opens_at')[:2]}:30"})
        if RAW[table].has_loaded_at:
            row = changed(table, row, {"loaded_at": later(value(table, base, "loaded_at"), -1)})
        # Where the values decide, the row must sort before the sound one; an empty name sorts first.
        if row[:width] < base[:width] or (RAW[table].has_loaded_at and row[:width] != base[:width]):
            soil.supersede(table, row)
            return
