"""On a real Spark cluster of a master and two workers: it builds what DuckDB builds, and both workers worked.

Few statements, because each takes Spark a second: the way of teams and topics from raw rows to the marts.
The whole project is held against DuckDB by benchmarks/parity.py --targets dev,spark.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from comparison import compared_tables, differences
from exports import export_spark
from spark_cluster import WORKERS, NoClusterError, spark_cluster

from conftest import PROJECT

# What a dialect can change: how text becomes instants, flags and numbers, and the formulas of intervals.
OF_DIALECT = (
    "assert_instants_and_flags_are_read_as_the_contract_says",
    "assert_numbers_are_read_as_the_contract_says",
    "assert_intervals_match_published_examples",
)
MARTS = ("dim_teams", "dim_topics", "dim_business_units")


def dbt_build(target: str, warehouse: Path, **variables: str) -> None:
    (warehouse / "build").mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORT_KPIS_")}
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "dbt"),
            *("build", "--target", target, "--select", *(f"+{mart}" for mart in MARTS), *OF_DIALECT),
            *("--exclude", "test_type:generic", "test_type:unit", "--indirect-selection", "empty"),
            *("--target-path", str(warehouse / "target"), "--log-path", str(warehouse / "logs")),
        ],
        cwd=PROJECT,
        env={
            **kept,
            "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
            "SUPPORT_KPIS_WAREHOUSE_DIR": str(warehouse),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_cluster_builds_what_duckdb_builds(tmp_path: Path) -> None:
    dbt_build("dev", tmp_path / "dev")
    try:
        with spark_cluster(tmp_path / "cluster") as cluster:
            dbt_build("spark_cluster", tmp_path / "spark", **cluster.environment)
            state = cluster.state()
            tasks = cluster.tasks_by_executor()
    except NoClusterError as error:
        pytest.fail(str(error), pytrace=False)
    assert state["aliveworkers"] == WORKERS
    assert [app["state"] for app in state["completedapps"]] == ["FINISHED"]
    assert len(tasks) == WORKERS
    assert min(tasks.values()) > 0
    ours = tmp_path / "dev/build/support_kpis.duckdb"
    theirs = export_spark(tmp_path / "spark/build/spark/tables", PROJECT, tmp_path / "spark.duckdb")
    found = {difference.table: str(difference) for difference in differences(ours, theirs)}
    assert set(compared_tables(theirs)) >= set(MARTS)
    assert not [found[mart] for mart in MARTS if mart in found]
