"""Makes clean rows dirty, and keeps exact books of it.

Dirt only ever adds rows, or writes a sound row in another way: repeats, older versions, broken rows under
keys of their own, broken newer versions of sound rows. What the stories say therefore stays true, and every
fault is known by its key.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import datetime, timedelta

from support_kpis.simulate.listings import Row, Truth
from support_kpis.simulate.spelling import respell
from support_kpis.simulate.tables import RAW

ODD_SHARE = 0.03
"""Share of the sound rows in which one value is oddly spelled."""
REPEATED_SHARE = 0.006
"""Share of the sound rows that come twice."""
OUTDATED_SHARE = 0.005
"""Share of the sound rows of which an older version came too."""


def changed(table: str, row: Row, values: dict[str, str]) -> Row:
    """A row with some of its values replaced.

    Args:
        table: the raw table's name.
        row: the row.
        values: new values by column.
    """
    made = list(row)
    for column, value in values.items():
        made[RAW[table].index(column)] = value
    return tuple(made)


def value(table: str, row: Row, column: str) -> str:
    """One value of a row."""
    return row[RAW[table].index(column)]


def later(instant: str, hours: int, seconds: int = 0) -> str:
    """An instant some hours and seconds later, earlier if negative."""
    return (datetime.fromisoformat(instant) + timedelta(hours=hours, seconds=seconds)).isoformat(" ")


class Soil:
    """The dirt of some tables.

    Args:
        rng: the source of every draw.
        rows: the clean rows by table.
    """

    def __init__(self, rng: random.Random, rows: dict[str, list[Row]]) -> None:
        self.rng = rng
        self.rows = rows
        self.faults: list[Truth] = []
        self._counts = {name: Counter(accepted=len(clean)) for name, clean in rows.items()}
        self._extra: dict[str, list[Row]] = {name: [] for name in rows}
        self._written: dict[str, list[Row]] = {}
        self._odd: dict[str, set[int]] = {name: set() for name in rows}
        for name, clean in rows.items():
            self._written[name] = self._spell(name, clean)

    def _spell(self, name: str, clean: list[Row]) -> list[Row]:
        written = list(clean)
        for _ in range(math.ceil(len(clean) * ODD_SHARE)):
            place = int(self.rng.random() * len(clean))
            row = respell(RAW[name], clean[place], self.rng)
            if row != clean[place]:
                self._odd[name].add(place)
                written[place] = row
        return written

    def pick(self, name: str) -> Row | None:
        """Any clean row of a table, plainly spelled; None if it has none."""
        clean = self.rows[name]
        for _ in range(8):
            if not clean:
                return None
            place = int(self.rng.random() * len(clean))
            if place not in self._odd[name]:
                return clean[place]
        return None

    def quarantine(self, name: str, row: Row, reason: str, detail: str, copies: int = 1) -> None:
        """Add a row that is to be quarantined.

        Args:
            name: its table.
            row: the row.
            reason: the code of the first thing that is wrong with it.
            detail: what is wrong, in words.
            copies: how often the very same row comes.
        """
        self._extra[name] += [row] * copies
        self._counts[name]["quarantined"] += copies
        key = "|".join(value(name, row, column) for column in RAW[name].key)
        self.faults.append((name, key, reason, detail, copies))

    def supersede(self, name: str, row: Row) -> None:
        """Add a sound row that loses against another version of its key."""
        self._extra[name].append(row)
        self._counts[name]["superseded"] += 1

    def repeat(self, name: str, row: Row) -> None:
        """Add an identical copy of a row that is there; loaded_at and unknown columns may differ."""
        self._extra[name].append(row)
        self._counts[name]["duplicate"] += 1

    def repeat_some(self, name: str, least: int) -> None:
        """Repeat a share of a table's rows as they were written, some loaded later; no row twice."""
        written, table = self._written[name], RAW[name]
        count = min(len(written), max(least, int(len(written) * REPEATED_SHARE)))
        for number, place in enumerate(sorted(self.rng.sample(range(len(written)), count))):
            row = written[place]
            if table.has_loaded_at and number % 2:
                row = changed(name, row, {"loaded_at": later(value(name, row, "loaded_at"), 7)})
            if len(table.columns) > table.contract_width + table.has_loaded_at:
                row = (*row[:-1], "seen twice")
            self.repeat(name, row)

    def add(self, name: str, row: Row) -> None:
        """Add a row that is accepted."""
        self._extra[name].append(row)
        self._counts[name]["accepted"] += 1

    def apply(self, name: str) -> list[Row]:
        """All rows of a table, the dirt half before and half after the clean ones."""
        extra = self._extra[name]
        return extra[::2] + self._written[name] + extra[1::2]

    def verdicts(self, name: str) -> Counter[str]:
        """How many of a table's rows have each verdict."""
        return self._counts[name]
