"""Odd but valid spellings of values, as different loaders write them; they mean what the plain ones mean."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from support_kpis.simulate.listings import Row
from support_kpis.simulate.tables import Table

_TRUE = ("TRUE", "t", "yes", "Y", "1")
_FALSE = ("False", "f", "no", "N", "0")
_TRUE_BY_DEFAULT = ("is_public", "is_first_line_resolvable")
_OFFSETS = (120, -300, 330, 0, -570)


def respell(table: Table, row: Row, rng: random.Random) -> Row:
    """The same row with one value written otherwise; the row itself if it has nothing to write otherwise.

    Args:
        table: what the columns are.
        row: a row in the contract's columns and whatever follows them.
        rng: the source of every draw.
    """
    places = [
        place
        for place in range(table.contract_width)
        if table.columns[place] not in table.key and (row[place] or table.types[place] == "boolean")
        if table.types[place] != "text" or _is_status_change(table, row, place)
    ]
    if not places:
        return row
    place = places[int(rng.random() * len(places))]
    kind = "choice" if table.types[place] == "text" else table.types[place]
    value = row[place]
    if kind == "boolean" and not value:
        value = "true" if table.columns[place] in _TRUE_BY_DEFAULT else "false"
    return (*row[:place], _spell(kind, value, rng), *row[place + 1 :])


def _is_status_change(table: Table, row: Row, place: int) -> bool:
    # The new value of a status event is one of listed statuses, although the column is free text.
    return table.name == "ticket_events" and table.columns[place] == "to_value" and row[4] == "status"


def _spell(kind: str, value: str, rng: random.Random) -> str:
    draw = int(rng.random() * 1_000)
    if kind == "timestamp":
        return spell_instant(value, draw)
    if kind == "boolean":
        return (_TRUE if value == "true" else _FALSE)[draw % 5]
    if kind == "choice":
        if value == "hold" and draw % 2:
            return "On-Hold"
        return (value.upper(), f" {value}", f"{value.capitalize()} ", f"  {value.title()}  ")[draw % 4]
    if kind == "integer":
        return f"{value}.0"
    if kind in ("number", "decimal"):
        return f"{value}0" if "." in value else f"{value}.0"
    return value


def spell_instant(value: str, draw: int) -> str:
    """Another way to write an instant.

    Args:
        value: ``YYYY-MM-DD HH:MM:SS`` in UTC.
        draw: which way; any number.
    """
    if value.endswith("00:00:00"):
        return value[:10]
    if value.endswith(":00"):
        return f"{value[:16]}Z" if draw % 2 else value[:16]
    way = draw % 6
    if way == 0:
        return f"{value[:10]}T{value[11:]}Z"
    if way == 1:
        return f"{value}.9"
    if way == 2:
        return f"{value[:10]}T{value[11:]}.123456Z"
    minutes = _OFFSETS[draw % len(_OFFSETS)]
    local = datetime.fromisoformat(value) + timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    fraction = ".250" if way == 3 else ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{local.isoformat(' ' if way == 4 else 'T')}{fraction}{sign}{hours:02d}:{rest:02d}"
