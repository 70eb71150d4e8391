"""On a real cluster of a master and two workers: it builds what DuckDB builds, and both workers worked.

Every run takes the way of teams and topics from raw rows to the marts, and what a dialect can change.
The whole project, refreshed by the driver, takes many minutes: make parity.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from comparison import compared_tables, differences
from exports import export_spark
from spark_cluster import WORKERS, NoClusterError, SparkCluster, spark_cluster

from conftest import PROJECT, run

# What a dialect can change: how texts are read, time is told and numbers are rounded, and the formulas.
OF_DIALECT = (
    "assert_instants_and_flags_are_read_as_the_contract_says",
    "assert_numbers_are_read_as_the_contract_says",
    "assert_engines_tell_time_alike",
    "assert_engines_read_texts_alike",
    "assert_engines_count_alike",
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


def assert_both_workers_worked(cluster: SparkCluster) -> None:
    state, tasks = cluster.state(), cluster.tasks_by_executor()
    assert state["aliveworkers"] == WORKERS
    assert [app["state"] for app in state["completedapps"]] == ["FINISHED"]
    assert len(tasks) == WORKERS
    assert min(tasks.values()) > 0


def test_a_cluster_builds_what_duckdb_builds(tmp_path: Path) -> None:
    dbt_build("dev", tmp_path / "dev")
    try:
        with spark_cluster(tmp_path / "cluster") as cluster:
            dbt_build("spark_cluster", tmp_path / "spark", **cluster.environment)
            assert_both_workers_worked(cluster)
    except NoClusterError as error:
        pytest.fail(str(error), pytrace=False)
    ours = tmp_path / "dev/build/support_kpis.duckdb"
    theirs = export_spark(tmp_path / "spark/build/spark/tables", PROJECT, tmp_path / "spark.duckdb")
    found = {difference.table: str(difference) for difference in differences(ours, theirs)}
    assert set(compared_tables(theirs)) >= set(MARTS)
    assert not [found[mart] for mart in MARTS if mart in found]


@pytest.mark.parity
@pytest.mark.parametrize(
    ("tickets", "rows"),
    [
        pytest.param(200, 20_000, id="a small operation with all dirt"),
        pytest.param(0, 500_000, id="the sample"),
    ],
)
def test_a_cluster_publishes_what_duckdb_publishes(tmp_path: Path, tickets: int, rows: int) -> None:
    raw: tuple[str | Path, ...] = ()
    if tickets:
        folder = tmp_path / "raw"
        assert run("simulate", "--tickets", str(tickets), "--months", "4", "--out", folder).code == 0
        raw = ("--raw-dir", folder)
    ours = run("refresh", *raw, "--warehouse-dir", tmp_path / "dev", "--json")
    assert ours.code == 0, ours.err
    warehouse = tmp_path / "spark"
    try:
        with spark_cluster(tmp_path / "cluster") as cluster:
            theirs = run(
                *("refresh", "--target", "spark_cluster", *raw, "--warehouse-dir", warehouse, "--json"),
                **cluster.environment,
            )
            assert theirs.code == 0, theirs.err
            assert_both_workers_worked(cluster)
    except NoClusterError as error:
        pytest.fail(str(error), pytrace=False)
    published = tmp_path / "dev" / "published" / "support_kpis.duckdb"
    tables = warehouse / "build" / "spark" / "tables"
    exported = export_spark(tables, PROJECT, tmp_path / "spark.duckdb", f"marts_{theirs.json()['run_id']}")
    assert [str(difference) for difference in differences(published, exported)] == []
    assert compared_tables(exported) == compared_tables(published)
    assert sum(compared_tables(exported).values()) > rows
    assert theirs.json()["tables"] == ours.json()["tables"]
