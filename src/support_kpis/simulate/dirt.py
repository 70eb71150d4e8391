"""Placeholder until the next commit: no dirt yet."""

from __future__ import annotations

from support_kpis.simulate.listings import Row, Truth
from support_kpis.simulate.world import World


class Soil:
    """No dirt."""

    faults: list[Truth] = []  # noqa: RUF012

    def apply(self, name: str, rows: list[Row]) -> list[Row]:
        """The rows as they are."""
        return rows

    def verdicts(self, name: str, accepted: int) -> dict[str, int]:
        """All accepted."""
        return {"accepted": accepted}


def world_soil(world: World, rows: dict[str, list[Row]]) -> Soil:
    """No dirt."""
    return Soil()


def chunk_soil(world: World, number: int, size: int, rows: dict[str, list[Row]]) -> Soil:
    """No dirt."""
    return Soil()
