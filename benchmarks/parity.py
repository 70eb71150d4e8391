"""Do the engines give the same marts? Builds one raw input on each, and compares every value of every published table.

Text, whole numbers, decimals, times and booleans have to be equal, doubles within a billionth of their size. The first
difference of each table is named with its key and column. The log of runs is left out: it tells of the runs themselves.

    .venv/bin/python benchmarks/parity.py --targets dev,postgres
    .venv/bin/python benchmarks/parity.py --targets dev,postgres --tickets 5000
    .venv/bin/python benchmarks/parity.py --targets dev,postgres --raw-dir path/to/raw --as-of 2025-01-31
    .venv/bin/python benchmarks/parity.py --targets dev,spark

A PostgreSQL server of its own is started unless SUPPORT_KPIS_POSTGRES_HOST names one. Spark runs on this machine's cores, with the
data tests that a dialect can change (DuckDB and PostgreSQL run all).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "engines"))

from comparison import compared_tables, differences  # noqa: E402
from exports import export_postgres, export_spark  # noqa: E402
from postgres_server import NoServerError, postgres_server  # noqa: E402

TARGETS = ("dev", "postgres", "spark")


def called(words: list[str], environment: Mapping[str, str], log: Path) -> None:
    """Run a command of this Python's environment.

    Args:
        words: the command and its arguments.
        environment: variables beyond those at hand.
        log: where its output goes.

    Raises:
        SystemExit: it failed; the end of its output is shown.
    """
    program = Path(sys.executable).parent / words[0]
    with log.open("w") as out:
        done = subprocess.run(
            [str(program), *words[1:]],
            cwd=PROJECT,
            env={**os.environ, "DBT_PROFILES_DIR": str(PROJECT / "profiles"), **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        lines = [line for line in log.read_text().splitlines() if " WARN " not in line]
        raise SystemExit("\n".join([f"{' '.join(words)} failed:", *lines[-40:]]))


def build(target: str, environment: Mapping[str, str], arguments: list[str], folder: Path) -> Path:
    """Build one target, and read its marts into a DuckDB file.

    Args:
        target: dev, postgres or spark.
        environment: what leads to its server.
        arguments: those of a refresh that say what is read.
        folder: for its warehouse.

    Returns:
        The file with schema marts.
    """
    warehouse, log = folder / target, folder / f"{target}.log"
    called(
        ["support-kpis", "refresh", "--target", target, "--warehouse-dir", str(warehouse), *arguments],
        environment,
        log,
    )
    if target == "dev":
        return warehouse / "published" / "support_kpis.duckdb"
    if target == "postgres":
        return export_postgres({**os.environ, **environment}, PROJECT, folder / "postgres.duckdb")
    # The first run of a warehouse is number one.
    tables = warehouse / "build" / "spark" / "tables"
    return export_spark(tables, PROJECT, folder / "spark.duckdb", schema="marts_000001")


def compare(files: Mapping[str, Path], say: Callable[[str], None]) -> bool:
    """Compare every engine with the first one.

    Args:
        files: target to the file with its marts.
        say: told what was found.

    Returns:
        Whether all are the same.
    """
    first, *others = files
    tables = compared_tables(files[first])
    same = True
    for other in others:
        found = list(differences(files[first], files[other]))
        for difference in found:
            say(f"{first} and {other} differ: {difference}")
        if not found:
            say(f"{first} and {other} agree: {len(tables)} tables, {sum(tables.values()):,} rows.")
        same = same and not found
    return same and sum(tables.values()) > 0


def main() -> int:
    """Build, compare, and say what was found; 0 if all engines agree, 1 if not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", default="dev,postgres", help="engines to compare (dev,postgres)")
    parser.add_argument("--raw-dir", type=Path, help="raw files; else the sample")
    parser.add_argument("--tickets", type=int, help="simulate so many tickets with all dirt instead")
    parser.add_argument("--as-of", help="the instant that the marts speak for")
    parser.add_argument("--keep", type=Path, help="a folder for warehouses and logs, left there")
    chosen = parser.parse_args()
    targets = chosen.targets.split(",")
    unknown = [target for target in targets if target not in TARGETS]
    if unknown or len(targets) < 2:
        parser.error(f"--targets takes two or three of {', '.join(TARGETS)}")
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        arguments: list[str] = []
        raw_dir = chosen.raw_dir
        if chosen.tickets:
            raw_dir = folder / "raw"
            simulated = ["simulate", "--tickets", str(chosen.tickets), "--out", str(raw_dir)]
            called(["support-kpis", *simulated], {}, folder / "simulate.log")
        if raw_dir:
            arguments += ["--raw-dir", str(raw_dir)]
        if chosen.as_of:
            arguments += ["--as-of", chosen.as_of]
        files = {}
        for target in targets:
            environment: Mapping[str, str] = {"SUPPORT_KPIS_SPARK_TESTS": "dialect"}
            if target == "postgres" and not os.environ.get("SUPPORT_KPIS_POSTGRES_HOST"):
                try:
                    environment = stack.enter_context(postgres_server()).environment
                except NoServerError as error:
                    raise SystemExit(str(error)) from None
            begun = time.monotonic()
            files[target] = build(target, environment, arguments, folder)
            print(f"{target}: built in {time.monotonic() - begun:.0f} s", flush=True)
        return 0 if compare(files, print) else 1


if __name__ == "__main__":
    sys.exit(main())
