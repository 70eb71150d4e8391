"""Measure what a full build of the models costs as the input grows.

Simulates the raw tables at several sizes (six interactions and eight events a ticket), runs all dbt models
on each, without tests, and writes wall time, CPU time and peak memory, by layer and by model, to scale.md and
scale.json beside this file:

    .venv/bin/python benchmarks/scale.py --tickets 10000 100000 1000000

The input comes as a warehouse exports it, Parquet with typed columns and one row a key; with --as-text it comes as the simulator writes it,
all text and with every defect of the contract, which takes longer to read and to judge. It stays in the work folder and is used
again the next time. Needs Linux (it reads /proc).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from support_kpis.contract import load_contract
from support_kpis.simulate import simulate

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
TICK = os.sysconf("SC_CLK_TCK")
MIB = 1024 * 1024
EVERY_SECONDS = 0.05
SLOWEST = 15
TYPES = {
    "text": "varchar",
    "timestamp": "timestamp",
    "date": "date",
    "boolean": "boolean",
    "integer": "bigint",
    "number": "double",
    "decimal": "decimal(18, 2)",
}
INTERACTIONS_PER_TICKET, EVENTS_PER_TICKET = 6, 8


@dataclass(frozen=True)
class Sample:
    """The process at an instant: seconds since 1970, CPU seconds so far, resident memory in bytes."""

    at: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class ModelRun:
    """One model: its layer, when it ran (seconds since 1970) and how long."""

    name: str
    layer: str
    started: float
    ended: float

    @property
    def seconds(self) -> float:
        """Wall seconds of the model."""
        return self.ended - self.started


@dataclass
class LayerCost:
    """A layer: seconds in which any of its models ran, its share of the CPU seconds, memory meanwhile."""

    models: int = 0
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: int = 0


@dataclass
class Measurement:
    """What one size cost. The models' seconds count from the first model's start to the last one's end."""

    tickets: int
    interactions: int
    events: int
    raw_rows: int
    total_seconds: float
    models_seconds: float
    cpu_seconds: float
    peak_mib: int
    warehouse_mib: int
    layers: dict[str, LayerCost] = field(default_factory=dict)
    slowest: list[tuple[str, float]] = field(default_factory=list)


def main() -> int:
    """Measure every size and write the report; 1 if a build fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--work-dir", type=Path, default=Path(tempfile.gettempdir()) / "support-kpis-scale")
    parser.add_argument("--out-dir", type=Path, default=HERE, help="where scale.md and scale.json go")
    parser.add_argument(
        "--as-text", action="store_true", help="text columns and all defects; reports scale-text.*"
    )
    options = parser.parse_args()
    measurements = []
    for tickets in sorted(options.tickets):
        raw = prepared_input(options.work_dir, tickets, options.seed)
        if not options.as_text:
            raw = typed_input(raw)
        print(f"{tickets:,} tickets: building ...", flush=True)
        measurement = measure(raw, options.work_dir, tickets)
        if measurement is None:
            return 1
        print(
            f"{tickets:,} tickets: {measurement.models_seconds:.1f} s, {measurement.peak_mib:,} MiB",
            flush=True,
        )
        measurements.append(measurement)
    write_report(options.out_dir, measurements, options.seed, options.as_text)
    return 0


def prepared_input(work_dir: Path, tickets: int, seed: int) -> Path:
    """The folder of raw Parquet files of one size, simulated unless it is there already."""
    raw = work_dir / f"raw-{tickets}-{seed}"
    if not (raw / "done").exists():
        shutil.rmtree(raw, ignore_errors=True)
        print(f"{tickets:,} tickets: simulating ...", flush=True)
        simulate(raw, tickets, seed, fmt="parquet")
        shutil.rmtree(raw / "truth")
        pad(raw, "interactions", "interaction_id", INTERACTIONS_PER_TICKET)
        pad(raw, "ticket_events", "event_id", EVENTS_PER_TICKET)
        (raw / "done").touch()
    return raw


def typed_input(text: Path) -> Path:
    """The same raw tables with the contract's types and one row a key; a value that cannot be read is empty."""
    raw = text.with_name(text.name + "-typed")
    if not (raw / "done").exists():
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir()
        print(f"{raw.name}: giving the columns their types ...", flush=True)
        for name, table in load_contract(PROJECT).items():
            if not (text / f"{name}.parquet").exists():
                continue
            present = duckdb.sql(f"select * from read_parquet('{text / name}.parquet') limit 0").columns
            values = [
                f"try_cast({column.name} as {TYPES[column.type]}) as {column.name}"
                for column in table.columns.values()
                if column.name in present
            ]
            key = ", ".join(table.key)
            order = "loaded_at desc" if "loaded_at" in present else "1"
            duckdb.execute("set enable_progress_bar = false")
            duckdb.sql(
                f"""
                copy (
                    select {", ".join(values)}
                    from read_parquet('{text / name}.parquet')
                    where {" and ".join(f"{part} is not null" for part in table.key)}
                    qualify row_number() over (partition by {key} order by {order}) = 1
                ) to '{raw / name}.parquet' (format parquet)
                """
            )
        (raw / "done").touch()
    return raw


def pad(raw: Path, table: str, key: str, per_ticket: int) -> None:
    """Repeat rows under new keys until there are so many a ticket: the operation is more taciturn."""
    file, padded = raw / f"{table}.parquet", raw / f"{table}.padded"
    count = rows(raw, table)
    missing = per_ticket * rows(raw, "tickets") - count
    if missing <= 0:
        return
    copies = missing // count + 1
    share = missing / (copies * count)
    duckdb.sql(
        f"""
        copy (
            select * from read_parquet('{file}')
            union all by name
            select * replace ({key} || ' again ' || copies.copy_number as {key})
            from read_parquet('{file}')
            cross join range({copies}) as copies(copy_number)
            where {key} is not null and hash({key} || copies.copy_number) % 1000000 < {round(1e6 * share)}
        ) to '{padded}' (format parquet)
        """
    )
    padded.replace(file)


def measure(raw: Path, work_dir: Path, tickets: int) -> Measurement | None:
    """Build the models on one input in a fresh warehouse and say what it cost; None if the build failed."""
    warehouse, target = work_dir / "warehouse", work_dir / "target"
    shutil.rmtree(warehouse, ignore_errors=True)
    (warehouse / "build").mkdir(parents=True)
    dbt(["seed", "--select", "path:seeds/reference"], raw, work_dir).wait()
    began = time.time()
    process = dbt(["run"], raw, work_dir)
    samples = watch(process)
    total = time.time() - began
    if process.returncode != 0:
        print(f"The build failed: see {work_dir / 'dbt.log'}.", file=sys.stderr)
        return None
    runs = model_runs(target)
    size = (warehouse / "build" / "support_kpis.duckdb").stat().st_size
    return Measurement(
        tickets=tickets,
        interactions=rows(raw, "interactions"),
        events=rows(raw, "ticket_events"),
        raw_rows=sum(rows(raw, file.stem) for file in raw.glob("*.parquet")),
        total_seconds=round(total, 1),
        models_seconds=round(max(run.ended for run in runs) - min(run.started for run in runs), 1),
        cpu_seconds=round(samples[-1].cpu, 1),
        peak_mib=max(sample.memory for sample in samples) // MIB,
        warehouse_mib=size // MIB,
        layers=costs_by_layer(runs, samples),
        slowest=[
            (run.name, round(run.seconds, 2)) for run in sorted(runs, key=lambda one: -one.seconds)[:SLOWEST]
        ],
    )


def dbt(arguments: list[str], raw: Path, work_dir: Path) -> subprocess.Popen[bytes]:
    """Start dbt on the project, with settings of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "DBT_"))
    }
    environment = kept | {
        "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "SUPPORT_KPIS_RAW_DIR": str(raw),
        "SUPPORT_KPIS_WAREHOUSE_DIR": str(work_dir / "warehouse"),
    }
    if "SUPPORT_KPIS_MEMORY_LIMIT" in os.environ:
        environment["SUPPORT_KPIS_MEMORY_LIMIT"] = os.environ["SUPPORT_KPIS_MEMORY_LIMIT"]
    with (work_dir / "dbt.log").open("wb") as log:
        return subprocess.Popen(
            [
                *(str(Path(sys.executable).with_name("dbt")), *arguments),
                *("--target-path", str(work_dir / "target"), "--log-path", str(work_dir / "logs")),
            ],
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=log,
        )


def watch(process: subprocess.Popen[bytes]) -> list[Sample]:
    """Sample a process until it ends."""
    samples = [Sample(time.time(), 0.0, 0)]
    while process.poll() is None:
        try:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            break
        memory = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        samples.append(Sample(time.time(), (int(fields[11]) + int(fields[12])) / TICK, memory))
        time.sleep(EVERY_SECONDS)
    process.wait()
    return samples


def model_runs(target: Path) -> list[ModelRun]:
    """The models of the last run, from dbt's own record."""
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    found = []
    for result in json.loads((target / "run_results.json").read_text())["results"]:
        node = nodes.get(result["unique_id"])
        if node is None or node["resource_type"] != "model":
            continue
        steps = [step for step in result["timing"] if step["name"] == "execute"]
        if steps:
            started, ended = (epoch(steps[0][name]) for name in ("started_at", "completed_at"))
            found.append(ModelRun(node["name"], layer_of(node["path"]), started, ended))
    return found


def layer_of(path: str) -> str:
    """A layer is the first folder of a model's path, and for the wide ones the second."""
    parts = Path(path).parts
    return parts[0] if parts[0] == "staging" else "/".join(parts[:2])


def epoch(text: str) -> float:
    """Seconds since 1970 of dbt's timestamps, which are UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def costs_by_layer(runs: list[ModelRun], samples: list[Sample]) -> dict[str, LayerCost]:
    """The cost of each layer; CPU time between two samples is shared equally among the models that ran."""
    costs: dict[str, LayerCost] = defaultdict(LayerCost)
    for run in runs:
        costs[run.layer].models += 1
    for before, after in pairwise(samples):
        running = [run.layer for run in runs if run.started < after.at and before.at < run.ended]
        for layer in running:
            costs[layer].cpu_seconds += (after.cpu - before.cpu) / len(running)
            costs[layer].peak_mib = max(costs[layer].peak_mib, after.memory // MIB)
        for layer in set(running):
            costs[layer].wall_seconds += after.at - before.at
    for cost in costs.values():
        cost.wall_seconds, cost.cpu_seconds = round(cost.wall_seconds, 1), round(cost.cpu_seconds, 1)
    return dict(sorted(costs.items(), key=lambda item: -item[1].wall_seconds))


def rows(raw: Path, table: str) -> int:
    """Rows of one raw file."""
    found = duckdb.sql(f"select count(*) from read_parquet('{raw / table}.parquet')").fetchone()
    return int(found[0]) if found else 0


def machine() -> dict[str, Any]:
    """The machine and the versions that the figures belong to."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / 1024**3, 1),
        "python": platform.python_version(),
        "dbt-core": version("dbt-core"),
        "duckdb": version("duckdb"),
        "memory_limit": os.environ.get("SUPPORT_KPIS_MEMORY_LIMIT", "as in the profile"),
    }


def write_report(folder: Path, measurements: list[Measurement], seed: int, as_text: bool) -> None:
    """Write scale.json and scale.md, or scale-text.json and scale-text.md."""
    name = "scale-text" if as_text else "scale"
    form = (
        "All columns text, every defect of the contract planted"
        if as_text
        else "Typed columns, one row a key"
    )
    measured_on = datetime.now(UTC).date().isoformat()
    facts = {"measured_on": measured_on, "machine": machine(), "seed": seed}
    record = facts | {"measurements": [asdict(one) for one in measurements]}
    (folder / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    size, largest = machine(), measurements[-1]
    lines = [
        "# What a build costs as the input grows",
        "",
        f"Measured on {measured_on} by `benchmarks/scale.py` with {size['cores']} cores and "
        f"{size['memory_gib']} GiB of memory; Python {size['python']}, dbt {size['dbt-core']}, "
        f"DuckDB {size['duckdb']}. All models, no tests, a fresh warehouse. {form}.",
        "",
        *table(
            "tickets | interactions | events | raw rows | models (s) | whole dbt run (s) | CPU (s) "
            "| peak memory (MiB) | warehouse (MiB) | µs a raw row",
            [
                f"{one.tickets:,} | {one.interactions:,} | {one.events:,} | {one.raw_rows:,} "
                f"| {one.models_seconds} | {one.total_seconds} | {one.cpu_seconds} | {one.peak_mib:,} "
                f"| {one.warehouse_mib:,} | {1e6 * one.models_seconds / one.raw_rows:.1f}"
                for one in measurements
            ],
        ),
        f"## By layer, {largest.tickets:,} tickets",
        "",
        "Two models run at a time, so the wall seconds of the layers add up to more than the whole; "
        "the CPU seconds are shared out among them.",
        "",
        *table(
            "layer | models | wall (s) | CPU (s) | peak memory while it ran (MiB)",
            [
                f"{layer} | {cost.models} | {cost.wall_seconds} | {cost.cpu_seconds} | {cost.peak_mib:,}"
                for layer, cost in largest.layers.items()
            ],
        ),
        f"## The slowest models, {largest.tickets:,} tickets",
        "",
        *table("model | wall (s)", [f"{name} | {seconds}" for name, seconds in largest.slowest]),
    ]
    (folder / f"{name}.md").write_text("\n".join(lines), encoding="utf-8")


def table(header: str, lines: list[str]) -> list[str]:
    """A Markdown table, figures to the right, and an empty line after it."""
    columns = header.count("|")
    return [f"| {header} |", "|---|" + "--:|" * columns, *(f"| {line} |" for line in lines), ""]


if __name__ == "__main__":
    sys.exit(main())
