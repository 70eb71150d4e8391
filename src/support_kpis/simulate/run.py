"""Runs a simulation: the shared world, then chunk by chunk, each made dirty and written before the next."""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from support_kpis.simulate import dirt, listings
from support_kpis.simulate.calendar import END, day_text, text
from support_kpis.simulate.chunk import CHUNK, make_chunk
from support_kpis.simulate.chunk_dirt import chunk_soil
from support_kpis.simulate.organisation import GAP_TOPICS
from support_kpis.simulate.tables import RAW, TRUTH
from support_kpis.simulate.world import CREEP_TEAM, SPIKE_TEAM, World, build_world
from support_kpis.simulate.world_dirt import world_soil
from support_kpis.simulate.writers import Folder, Format

MAX_TICKETS = 50_000_000
MAX_MONTHS = 120
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SimulationSummary:
    """What a simulation wrote; also in ``truth/summary.json``."""

    out: Path
    tickets: int
    seed: int
    months: int
    fmt: Format
    starts_at: str
    as_of: str
    """The latest instant of the contract's five columns among accepted rows."""
    dirty_share: float
    """The share of the raw rows that are quarantined, duplicate or superseded."""
    rows: dict[str, int] = field(default_factory=dict)
    """Raw rows by table."""


def simulate(
    out: Path,
    tickets: int,
    seed: int = 7,
    months: int = 15,
    fmt: Format = "csv",
    progress: Progress | None = None,
) -> SimulationSummary:
    """Simulate a support operation: all 22 raw tables, and under ``truth/`` what is true of them.

    The same arguments give the same bytes in CSV and the same rows in Parquet, on any day: the operation
    ends at a fixed instant. Memory does not grow with the number of tickets.

    Args:
        out: the folder to write; files of an earlier simulation in it are replaced.
        tickets: accepted tickets to tell (dirty rows come on top), 1 to 50 million.
        seed: the seed of every draw.
        months: calendar months of the operation, 1 to 120, up to its end on 2025-03-31.
        fmt: ``csv`` or ``parquet``. Raw Parquet columns are text, so that they can hold unreadable values.
        progress: called with the tickets written so far and all tickets.

    Raises:
        ValueError: if a number lies outside its range or the format is neither.
    """
    check_size(tickets, months, fmt)
    with _without_collector():
        return _simulate(out, tickets, seed, months, fmt, progress)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Spare the cycle collector: a simulation makes no cycles, and it would take a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _simulate(
    out: Path, tickets: int, seed: int, months: int, fmt: Format, progress: Progress | None
) -> SimulationSummary:
    world = build_world(tickets, seed, months)
    rates = listings.make_rates(world)
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in RAW}
    exclusions: Counter[str] = Counter()
    with Folder(out, RAW, fmt) as raw, Folder(out / "truth", TRUTH, fmt, is_truth=True) as truth:

        def write(soil: dirt.Soil) -> None:
            for name in soil.rows:
                raw.add(name, soil.apply(name))
                verdicts[name].update(soil.verdicts(name))
            truth.add("faults", soil.faults)

        lists = listings.listing_rows(world, rates)
        lists["employee_survey_responses"], employees = listings.employee_surveys(world)
        truth.add("employee_surveys", employees)
        write(world_soil(world, lists))
        done = 0
        for number in range(-(-tickets // CHUNK)):
            size = min(CHUNK, tickets - done)
            chunk = make_chunk(world, rates, number, size)
            for name, rows in chunk.truth.items():
                truth.add(name, rows)
            write(chunk_soil(world, number, size, chunk.raw))
            exclusions.update(chunk.exclusions)
            done += size
            if progress is not None:
                progress(done, tickets)
        truth.add("verdicts", [_verdict(name, verdicts[name]) for name in RAW])
        truth.add("exclusions", [("tickets", reason, count) for reason, count in sorted(exclusions.items())])
        truth.add("signals", _signals(world))
    total = sum(raw.counts.values())
    accepted = sum(counts["accepted"] for counts in verdicts.values())
    summary = SimulationSummary(
        out,
        tickets,
        seed,
        months,
        fmt,
        text(world.start),
        text(END),
        round(1 - accepted / total, 6),
        raw.counts,
    )
    page: dict[str, Any] = asdict(summary)
    del page["out"]
    (out / "truth" / "summary.json").write_text(json.dumps(page, indent=2) + "\n", encoding="utf-8")
    return summary


def check_size(tickets: int, months: int, fmt: str) -> None:
    """See that a simulation of this size can be told.

    Raises:
        ValueError: a number lies outside its range or the format is none; the sentence says which.
    """
    if not 1 <= tickets <= MAX_TICKETS:
        raise ValueError(f"tickets must lie between 1 and {MAX_TICKETS:,}, not {tickets:,}")
    if not 1 <= months <= MAX_MONTHS:
        raise ValueError(f"months must lie between 1 and {MAX_MONTHS}, not {months}")
    if fmt not in ("csv", "parquet"):
        raise ValueError(f"the format must be csv or parquet, not {fmt!r}")


def _verdict(name: str, counts: Counter[str]) -> listings.Truth:
    names = ("accepted", "duplicate", "superseded", "quarantined")
    return (name, sum(counts.values()), *(counts[verdict] for verdict in names))


def _signals(world: World) -> list[listings.Truth]:
    rows: list[listings.Truth] = [
        (
            "kb_gap", "escalation_rate", "topic", topic, day_text(world.first), day_text(world.last),
            "no article was ever published; tickets escalate about six times as often",
        )
        for topic in GAP_TOPICS
    ]  # fmt: skip
    signals = world.signals
    if signals.spike is not None and signals.creep is not None:
        rows.append(
            (
                "spike", "escalation_rate", "team", SPIKE_TEAM, *map(day_text, signals.spike),
                "three of four tickets created on these days are escalated",
            )
        )  # fmt: skip
        rows.append(
            (
                "creep", "resolution_minutes_median", "team", CREEP_TEAM, *map(day_text, signals.creep),
                "every day answers take two fifths of the usual time longer than the day before",
            )
        )  # fmt: skip
    return rows
