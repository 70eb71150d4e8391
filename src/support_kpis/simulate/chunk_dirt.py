"""The dirt of a chunk: what is wrong with tickets, their history, messages, surveys, customers and orders.

A full chunk has every kind of fault at least once; a smaller one has each with a chance in proportion.
"""

from __future__ import annotations

import random

from support_kpis.simulate.chunk import CHUNK
from support_kpis.simulate.dirt import OUTDATED_SHARE, Soil, changed, later, value
from support_kpis.simulate.faults import BROKEN_UPDATES, DATED, FAULTS, OLDER, Fault
from support_kpis.simulate.listings import Row
from support_kpis.simulate.tables import RAW
from support_kpis.simulate.world import World

# How a broken row that is no version of another gets a key of its own.
_KEYS = {
    "tickets": ("ticket_id", "tx"),
    "ticket_events": ("event_id", "ex"),
    "interactions": ("interaction_id", "ix"),
    "survey_responses": ("response_id", "rx"),
    "customers": ("customer_id", "cx"),
    "accounts": ("account_id", "accx"),
    "ticket_articles": ("article_id", "kbx"),
    "orders": ("order_id", "ox"),
    "subscriptions": ("subscription_id", "subx"),
}


def chunk_soil(world: World, number: int, size: int, rows: dict[str, list[Row]]) -> Soil:
    """Make the tables of a chunk dirty.

    Args:
        world: the world, for its seed.
        number: the chunk's number.
        size: its tickets.
        rows: its clean rows by table.
    """
    rng = random.Random(f"{world.seed}/dirt/{number}")
    soil = Soil(rng, rows)
    work = _Spoiler(soil, number, size)
    for fault in FAULTS:
        if work.wants():
            work.break_row(fault)
    for fault in BROKEN_UPDATES:
        if work.wants():
            work.break_update(fault)
    if work.wants():
        work.break_merges()
        work.lose_winners()
    for name in rows:
        soil.repeat_some(name, int(work.wants()))
        work.outdate(name)
    return soil


class _Spoiler:
    def __init__(self, soil: Soil, number: int, size: int) -> None:
        self._soil = soil
        self._number = number
        self._size = size
        self._count = 0

    def wants(self) -> bool:
        """Whether this chunk is to have a fault: surely if it is full."""
        return self._size >= CHUNK or self._soil.rng.random() < self._size / CHUNK

    def new_key(self, table: str) -> dict[str, str]:
        """A key that no other row has."""
        self._count += 1
        column, prefix = _KEYS[table]
        return {column: f"{prefix}{self._number:05d}-{self._count:03d}"}

    def break_row(self, fault: Fault) -> None:
        """Add a broken row beside the sound ones; of every fifth fault the row comes twice."""
        soil, table = self._soil, fault.table
        base = soil.pick(table)
        if base is None:
            return
        row = changed(table, base, self.new_key(table) | fault.values)
        if fault.after_loading:
            row = changed(table, row, {"loaded_at": later(value(table, row, fault.after_loading), -24, -1)})
        key_is_missing = any(not value(table, row, column) for column in RAW[table].key)
        parent_is_judged = fault.reason in ("missing_parent", "missing_exchange_rate")
        copies = 2 if self._count % 5 == 0 and not (key_is_missing or parent_is_judged) else 1
        soil.quarantine(table, row, fault.reason, _detail(fault), copies)
        if table == "tickets" and value(table, row, "ticket_id"):
            self.orphan(value(table, row, "ticket_id"))

    def break_update(self, fault: Fault) -> None:
        """Add a broken newer version of a sound row."""
        table = fault.table
        base = self._soil.pick(table)
        if base is None:
            return
        row = changed(table, base, fault.values | {"loaded_at": later(value(table, base, "loaded_at"), 30)})
        self._soil.quarantine(table, row, fault.reason, f"newer than a sound row; {_detail(fault)}")

    def orphan(self, ticket: str) -> None:
        """Rows of a ticket that was rejected: they have no parent."""
        soil = self._soil
        tables = [
            "ticket_events",
            "interactions",
            *(("survey_responses", "ticket_articles") if self._count % 3 == 0 else ()),
        ]
        for table in tables:
            base = soil.pick(table)
            if base is not None:
                row = changed(table, base, self.new_key(table) | {"ticket_id": ticket})
                soil.quarantine(table, row, "missing_parent", f"the ticket {ticket} was rejected")

    def break_merges(self) -> None:
        """Merges into nothing and in loops, with what leads there."""
        soil = self._soil
        prefix = f"tm{self._number:05d}-"
        rejected = self.new_key("tickets")["ticket_id"]
        base = soil.pick("tickets")
        if base is None:
            return
        mild = changed("tickets", base, {"ticket_id": rejected, "priority": "mild"})
        soil.quarantine("tickets", mild, "value_not_allowed", "priority: mild")
        nothing, loop = "merge_into_nothing", "merge_loop"
        merges = (
            ("a", "t-nowhere", nothing, "no such ticket"),
            ("b", prefix + "a", nothing, "a chain that ends in no ticket"),
            ("c", rejected, nothing, "the other ticket was rejected"),
            ("d", prefix + "d", loop, "into itself"),
            ("e", prefix + "f", loop, "two in a loop"),
            ("f", prefix + "e", loop, "two in a loop"),
            ("g", prefix + "h", loop, "three in a loop"),
            ("h", prefix + "i", loop, "three in a loop"),
            ("i", prefix + "g", loop, "three in a loop"),
            ("j", prefix + "g", loop, "a tail into a loop"),
            ("k", prefix + "j", loop, "a tail of two into a loop"),
        )
        for letter, target, reason, detail in merges:
            row = changed("tickets", base, {"ticket_id": prefix + letter, "merged_into_ticket_id": target})
            soil.quarantine("tickets", row, reason, detail)
            if letter == "d":
                # Merges are judged on the version that won; its copy is a duplicate.
                soil.repeat("tickets", row)
            if letter == "e":
                # An older version that was not merged lost before the loop was seen.
                older = {
                    "merged_into_ticket_id": "",
                    "loaded_at": later(value("tickets", row, "loaded_at"), -1),
                }
                soil.supersede("tickets", changed("tickets", row, older))
            if letter in "adk":
                self.orphan(prefix + letter)

    def lose_winners(self) -> None:
        """Rows whose newest version has no parent: the older one has lost already, so nothing is left."""
        soil = self._soil
        for table in ("ticket_events", "interactions"):
            base = soil.pick(table)
            if base is None:
                continue
            older = changed(table, base, self.new_key(table))
            newer = {"ticket_id": "t-nowhere", "loaded_at": later(value(table, base, "loaded_at"), 2)}
            soil.supersede(table, older)
            row = changed(table, older, newer)
            soil.quarantine(table, row, "missing_parent", "the version that won has no ticket")
            soil.repeat(table, row)

    def outdate(self, name: str) -> None:
        """Add versions of sound rows that lose: older ones, and such as lose a tie."""
        soil, table = self._soil, RAW[name]
        share = len(soil.rows[name]) * OUTDATED_SHARE
        count = int(share) + (soil.rng.random() < share % 1)
        used: set[Row] = set()
        for number in range(max(count, 4 if self._size >= CHUNK else 0)):
            row = soil.pick(name)
            if row is None or row in used:
                continue
            used.add(row)
            loser = changed(name, row, self._loser(name, row, number))
            # A version that says the same would be a repeat, and one that came too early is broken.
            same = loser[: table.contract_width] == row[: table.contract_width]
            dated = DATED.get(name)
            if not same and (
                dated is None or value(name, loser, "loaded_at") >= later(value(name, row, dated), -24)
            ):
                soil.supersede(name, loser)

    def _loser(self, name: str, row: Row, number: int) -> dict[str, str]:
        if not RAW[name].has_loaded_at:
            # Without loaded_at the values decide, and a bracket sorts before every letter.
            return {"name": f"(was) {value(name, row, 'name')}"}
        older = {"loaded_at": later(value(name, row, "loaded_at"), -1)}
        if name != "tickets" or number % 4 == 0:
            variants = OLDER[name]
            return variants[number // (4 if name == "tickets" else 1) % len(variants)] | older
        if number % 4 == 1:
            # A tie of loaded_at goes to the later updated_at,
            return {"updated_at": later(value(name, row, "updated_at"), -2), "status": "solved"}
        if number % 4 == 2:
            # and a tie of both to the row whose values sort last.
            return {"subject": ""} if value(name, row, "subject") else {"tags": ""}
        return {"merged_into_ticket_id": value(name, row, "ticket_id")} | older


def _detail(fault: Fault) -> str:
    return fault.detail or "; ".join(f"{column}: {text or 'empty'}" for column, text in fault.values.items())
