"""PostgreSQL and Spark publish what DuckDB does: the sample, dirt, hostile spellings, data of others.

It takes long (make parity); test_postgres and test_spark compare a small operation in every run.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import make_hostile

from conftest import PROJECT, run

SHARED_DATA = PROJECT.parent / "shared" / "data"
TARGETS = "dev,postgres,spark"
SETS = (
    "thunderbird_2023_2024",
    "helpdesk_italian",
    "onyx_tech_support",
    "pwc_call_center",
    "nps_bank_timeseries",
)


def compare(*arguments: str) -> None:
    """Run the command on all three, and fail with what it says where they differ."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "PG"))}
    done = subprocess.run(
        [sys.executable, str(PROJECT / "benchmarks" / "parity.py"), "--targets", TARGETS, *arguments],
        env={**kept, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for engine in ("postgres", "spark"):
        assert f"dev and {engine} agree" in done.stdout


@pytest.mark.parity
def test_the_engines_agree_on_the_sample() -> None:
    compare()


@pytest.mark.parity
def test_the_engines_agree_on_many_tickets_with_all_dirt() -> None:
    compare("--tickets", "5000")


@pytest.mark.parity
def test_the_engines_agree_on_hostile_spellings(tmp_path: Path) -> None:
    simulated = run("simulate", "--tickets", "200", "--months", "3", "--out", tmp_path / "raw")
    assert simulated.code == 0, simulated.err
    make_hostile(tmp_path / "raw", tmp_path / "hostile")
    compare("--raw-dir", str(tmp_path / "hostile"))


@pytest.mark.parity
@pytest.mark.parametrize("name", SETS)
def test_the_engines_agree_on_data_of_others(name: str) -> None:
    folder = SHARED_DATA / name
    if not folder.is_dir():
        pytest.skip(f"no data set beside the checkout: {folder}")
    settings = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["run_with"]
    compare("--raw-dir", str(folder / "raw"), "--as-of", str(settings["as_of"]))
