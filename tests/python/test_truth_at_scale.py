"""On several seeds and 20,000 tickets each, the facts equal what the simulator knows to be true, to the row.

Takes minutes, so it runs with ``make truth`` (and in continuous integration), not with every ``make test``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import test_truth
from conftest import PROJECT, environment
from support_kpis.simulate import simulate

pytestmark = pytest.mark.truth

SEEDS = [int(seed) for seed in os.environ.get("TRUTH_SEEDS", "11,12,13,14,15").split(",")]
TICKETS = int(os.environ.get("TRUTH_TICKETS", "20000"))
MARTS = [
    ("fct_tickets", "tickets", ["ticket_id"], "truth.exclusion_reason is null"),
    ("fct_interactions", "interactions", ["interaction_id"], "true"),
    ("fct_ticket_status_spans", "status_spans", ["ticket_id", "starts_at"], "true"),
    ("fct_escalations", "escalations", ["ticket_id", "escalated_at"], "true"),
    ("fct_survey_responses", "survey_responses", ["response_id"], "true"),
    ("fct_employee_survey_responses", "employee_surveys", ["response_id"], "true"),
    ("fct_orders", "orders", ["order_id"], "true"),
    ("ops_reconciliation", "verdicts", ["raw_table"], "true"),
]


@pytest.fixture(scope="module", params=SEEDS)
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The built marts (catalogue `built`) and the truth of one seed (tables of `memory`)."""
    folder = tmp_path_factory.mktemp(f"seed-{request.param}")
    simulate(folder / "raw", TICKETS, seed=request.param, fmt="parquet")
    (folder / "warehouse" / "build").mkdir(parents=True)
    build(folder)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder}/warehouse/build/support_kpis.duckdb' as built (read_only)")
        for path in (folder / "raw" / "truth").glob("*.parquet"):
            connection.execute(f"create table {path.stem} as from read_parquet('{path}')")
        yield connection


def build(folder: Path) -> None:
    """Run the models that the truth speaks of, without tests."""
    selected = [f"+{mart}" for mart, *_ in MARTS] + ["+ops_quarantine"]
    command = [
        str(Path(sys.executable).parent / "dbt"),
        *("build", "--quiet", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        *("--select", *selected),
        *("--profiles-dir", "profiles", "--target-path", str(folder / "target")),
        *("--log-path", str(folder / "logs")),
    ]
    settings = environment(
        SUPPORT_KPIS_RAW_DIR=str(folder / "raw"), SUPPORT_KPIS_WAREHOUSE_DIR=str(folder / "warehouse")
    )
    done = subprocess.run(command, cwd=PROJECT, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(("mart", "truth", "keys", "where"), MARTS, ids=[mart for mart, *_ in MARTS])
def test_mart_equals_truth(
    books: duckdb.DuckDBPyConnection, mart: str, truth: str, keys: list[str], where: str
) -> None:
    count, different = test_truth.differences(books, mart, truth, keys, where)
    assert different == []
    assert count > 0


def test_quarantine_holds_exactly_the_planted_faults(books: duckdb.DuckDBPyConnection) -> None:
    test_truth.test_quarantine_holds_exactly_the_planted_faults(books)
