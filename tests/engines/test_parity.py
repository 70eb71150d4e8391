"""PostgreSQL publishes what DuckDB does: the sample, tickets with all dirt, and data beside the checkout.

It takes half an hour (make parity); test_postgres compares a small operation in every run, and test_spark
compares Spark with DuckDB.
"""

import json
import os
import subprocess
import sys

import pytest

from conftest import PROJECT

SHARED_DATA = PROJECT.parent / "shared" / "data"
SETS = (
    "thunderbird_2023_2024",
    "helpdesk_italian",
    "onyx_tech_support",
    "pwc_call_center",
    "nps_bank_timeseries",
)


def compare(*arguments: str) -> None:
    """Run the command, and fail with what it says where the engines differ."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "PG"))}
    done = subprocess.run(
        [sys.executable, str(PROJECT / "benchmarks" / "parity.py"), *arguments],
        env={**kept, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dev and postgres agree" in done.stdout


@pytest.mark.parity
def test_the_engines_agree_on_the_sample() -> None:
    compare("--targets", "dev,postgres")


@pytest.mark.parity
def test_the_engines_agree_on_many_tickets_with_all_dirt() -> None:
    compare("--targets", "dev,postgres", "--tickets", "5000")


@pytest.mark.parity
@pytest.mark.parametrize("name", SETS)
def test_the_engines_agree_on_data_of_others(name: str) -> None:
    folder = SHARED_DATA / name
    if not folder.is_dir():
        pytest.skip(f"no data set beside the checkout: {folder}")
    settings = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["run_with"]
    compare("--targets", "dev,postgres", "--raw-dir", str(folder / "raw"), "--as-of", str(settings["as_of"]))
