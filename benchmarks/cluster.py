"""What a refresh costs on Spark, by the size of the input: on this machine's cores, and on a cluster of a master and two workers.

Each size is simulated with all dirt, and refreshed on DuckDB and on Spark in a new warehouse each; the marts are compared value by
value. Seconds of the clock and of the processors (all processes together) are written to cluster.md beside this file:

    .venv/bin/python benchmarks/cluster.py --tickets 1000,10000,50000

The cluster's processes share this machine's cores, so that it shows what a cluster adds, not what more machines save.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
sys.path.insert(0, str(PROJECT / "tests" / "engines"))

from comparison import differences  # noqa: E402
from exports import export_spark  # noqa: E402
from spark_cluster import spark_cluster  # noqa: E402

TARGETS = ("dev", "spark", "spark_cluster")
NAMES = {
    "dev": "DuckDB",
    "spark": "Spark, `local[*]`",
    "spark_cluster": "Spark, master and two workers of one core",
}


@dataclass(frozen=True)
class Cost:
    """What one refresh came to.

    Args:
        tickets: simulated, 0 for the sample.
        target: the dbt target.
        wall: seconds by the clock, the cluster's start included.
        cpu: seconds of all processors in all processes.
        told: what the command printed.
        tasks: executor to tasks that it ended well; empty without a cluster.
        same: whether the marts equal DuckDB's.
    """

    tickets: int
    target: str
    wall: float
    cpu: float
    told: Mapping[str, Any]
    tasks: Mapping[str, int]
    same: bool


def refresh(
    target: str, warehouse: Path, raw_dir: Path | None, environment: Mapping[str, str]
) -> dict[str, Any]:
    """One refresh.

    Args:
        target: the dbt target.
        warehouse: an empty folder.
        raw_dir: the input, None for the sample.
        environment: variables beyond those at hand.

    Returns:
        The object that the command prints.

    Raises:
        SystemExit: it failed; its message is shown.
    """
    words = ["refresh", "--json", "--target", target, "--warehouse-dir", str(warehouse)]
    done = subprocess.run(
        [sys.executable, "-m", "support_kpis", *words, *(["--raw-dir", str(raw_dir)] if raw_dir else [])],
        cwd=PROJECT,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "SUPPORT_KPIS_SPARK_TESTS": "dialect", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def adopt_orphans() -> None:
    """Become the parent of what a command leaves running: Java outlives the Python that started it (Linux only)."""
    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def await_orphans(seconds: int = 60) -> None:
    """Wait for what a command left running, so that its processor seconds are counted.

    Args:
        seconds: how long to wait at most.
    """
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.1)


@contextmanager
def cluster_for(target: str, folder: Path) -> Iterator[tuple[dict[str, str], Any]]:
    """The environment that leads to a cluster, and the cluster; nothing for a target that needs none."""
    if target != "spark_cluster":
        yield {}, None
        return
    with spark_cluster(folder) as cluster:
        yield cluster.environment, cluster


def measure(tickets: int, target: str, raw_dir: Path | None, folder: Path) -> Cost:
    """Refresh one input on one target, and compare its marts with those of DuckDB, which come first.

    Args:
        tickets: how many are in the input, 0 for the sample.
        target: the dbt target.
        raw_dir: the input, None for the sample.
        folder: for the warehouses of this input.
    """
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    warehouse = folder / target
    with cluster_for(target, folder / "cluster") as (environment, cluster):
        told = refresh(target, warehouse, raw_dir, environment)
        tasks = cluster.tasks_by_executor() if cluster else {}
    wall = time.monotonic() - begun
    await_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    same = True
    if target != "dev":
        tables = warehouse / "build" / "spark" / "tables"
        exported = export_spark(tables, PROJECT, folder / f"{target}.duckdb", f"marts_{told['run_id']}")
        for difference in differences(folder / "dev" / "published" / "support_kpis.duckdb", exported):
            print(f"dev and {target} differ: {difference}", flush=True)
            same = False
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(tickets, target, wall, cpu, told, tasks, same)


def report(costs: list[Cost]) -> str:
    """The page of figures."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = []
    for cost in costs:
        stages = ", ".join(f"{stage} {seconds:.0f}" for stage, seconds in cost.told["seconds"].items())
        tasks = ", ".join(f"{count:,}" for _, count in sorted(cost.tasks.items()))
        agrees = "" if cost.target == "dev" else "yes" if cost.same else "NO"
        rows.append(
            f"| {f'{cost.tickets:,}' if cost.tickets else 'the sample'} | {NAMES[cost.target]} | {cost.wall:.0f} | {cost.cpu:.0f} | "
            f"{cost.told['rows_published']:,} | {stages} | {tasks} | {agrees} |"
        )
    lines = [
        "# What a refresh costs on Spark",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `benchmarks/cluster.py` with {os.cpu_count()} cores and {gib:.1f} GiB of memory; Spark {version('pyspark')}, "
        f"dbt {version('dbt-core')}, DuckDB {version('duckdb')}; load of the machine at the end {os.getloadavg()[0]:.0f}. "
        "Where other work shared the cores, the processor's seconds say more than the clock's.",
        "",
        "| tickets | engine | seconds | processor seconds | rows published | seconds by stage | tasks of each worker | equals DuckDB |",
        "|--:|---|--:|--:|--:|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, write the page, and say whether the marts agreed; 0 if they did, 1 if not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", default="0", help="sizes, separated by commas; 0 is the sample (0)")
    parser.add_argument("--targets", default=",".join(TARGETS), help="dev first (dev,spark,spark_cluster)")
    parser.add_argument("--out", type=Path, default=HERE / "cluster.md", help="the page to write")
    chosen = parser.parse_args()
    targets = chosen.targets.split(",")
    if targets[0] != "dev" or set(targets) - set(TARGETS):
        parser.error(f"--targets takes dev, then some of {', '.join(TARGETS[1:])}")
    adopt_orphans()
    costs: list[Cost] = []
    for tickets in (int(number) for number in chosen.tickets.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            raw_dir = folder / "raw" if tickets else None
            if raw_dir:
                words = ["simulate", "--tickets", str(tickets), "--format", "parquet", "--out", str(raw_dir)]
                subprocess.run([sys.executable, "-m", "support_kpis", *words], cwd=PROJECT, check=True)
            for target in targets:
                costs.append(measure(tickets, target, raw_dir, folder))
                print(
                    f"{tickets} {target}: {costs[-1].wall:.0f} s, {costs[-1].cpu:.0f} s of processors",
                    flush=True,
                )
                chosen.out.write_text(report(costs), encoding="utf-8")
    return 0 if all(cost.same for cost in costs) else 1


if __name__ == "__main__":
    sys.exit(main())
