"""What the gate of a build let in and rejected, for the notes of a refresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support_kpis.contract import load_contract
from support_kpis.engines import Engine
from support_kpis.raw_folder import unread_note
from support_kpis.settings import Settings


@dataclass(frozen=True)
class GateCounts:
    """How many rows of each raw table came, were accepted and were rejected.

    Args:
        raw: raw table to its rows.
        accepted: raw table to those that the gate let in.
        quarantined: raw table to those it rejected; tables without any are left out.
    """

    raw: Mapping[str, int]
    accepted: Mapping[str, int]
    quarantined: Mapping[str, int]

    def notes(self, settings: Settings) -> list[str]:
        """What of it a reader should know, in sentences.

        Args:
            settings: of the run.
        """
        words = []
        contract = load_contract(settings.project_dir)
        unread = unread_note(settings.raw_dir, contract) if settings.raw_dir else None
        if unread:
            words.append(unread)
        for table in contract.values():
            if table.required and self.raw.get(table.name) == 0:
                words.append(
                    f"The required table {table.name} is empty ({settings.source}): what depends on it "
                    "is empty too."
                )
            elif self.raw.get(table.name) and not self.accepted.get(table.name):
                words.append(f"Not one row of {table.name} was accepted: see ops_quarantine for the reasons.")
        return words


def gate_counts(engine: Engine, run_id: str) -> GateCounts:
    """Read them from a candidate; empty where it has no reconciliation.

    Args:
        engine: that built it.
        run_id: whose candidate.
    """
    with engine.reading_candidate(run_id) as reader:
        try:
            rows = reader.execute(
                "select raw_table, raw_count, accepted_count, quarantined_count from "
                "marts.ops_reconciliation order by raw_table"
            ).fetchall()
        except engine.errors:
            rows = []
    return GateCounts(
        {row[0]: int(row[1]) for row in rows},
        {row[0]: int(row[2]) for row in rows},
        {row[0]: int(row[3]) for row in rows if row[3]},
    )
