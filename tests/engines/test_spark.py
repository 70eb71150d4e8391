"""The whole project on a real cluster of a master and two workers: what DuckDB publishes, and both worked."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from comparison import compared_tables, differences
from exports import export_spark
from spark_cluster import WORKERS, NoClusterError, SparkCluster, spark_cluster

from conftest import PROJECT, OnDuckDb, Outcome, run


@dataclass(frozen=True)
class OnCluster:
    """A refresh on a cluster that still runs.

    Args:
        cluster: the cluster.
        refreshed: what the refresh came to.
        warehouse: its folder.
        state: what the master said of itself when the refresh had let go of it.
        tasks: executor to the tasks that it had ended well by then.
    """

    cluster: SparkCluster
    refreshed: Outcome
    warehouse: Path
    state: Any
    tasks: dict[str, int]

    def ask(self, command: str, *more: str) -> Outcome:
        where = ("--warehouse-dir", self.warehouse, "--json")
        return run(command, *more, *where, **self.cluster.environment)


@pytest.fixture(scope="module")
def on_cluster(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnCluster]:
    """The small operation, refreshed on a cluster; where none can be started the tests fail and say why."""
    warehouse, folder = tmp_path_factory.mktemp("spark"), tmp_path_factory.mktemp("cluster")
    try:
        with spark_cluster(folder) as cluster:
            what = ("--target", "spark_cluster", "--raw-dir", raw, "--warehouse-dir", warehouse, "--json")
            refreshed = run("refresh", *what, **cluster.environment)
            state = cluster.state_when_idle()
            yield OnCluster(cluster, refreshed, warehouse, state, cluster.tasks_by_executor())
    except NoClusterError as error:
        pytest.fail(str(error), pytrace=False)


def near(value: Any) -> Any:
    """What equals a value, if it is a double within a billionth of it."""
    return pytest.approx(value, rel=1e-9) if isinstance(value, float) else value


def test_a_cluster_publishes_what_duckdb_publishes(
    on_cluster: OnCluster, on_duckdb: OnDuckDb, tmp_path: Path
) -> None:
    assert on_cluster.refreshed.code == 0, on_cluster.refreshed.err
    told = on_cluster.refreshed.json()
    tables = on_cluster.warehouse / "build" / "spark" / "tables"
    exported = export_spark(tables, PROJECT, tmp_path / "spark.duckdb", f"marts_{told['run_id']}")
    assert sum(compared_tables(exported).values()) > 100_000
    assert compared_tables(exported) == compared_tables(on_duckdb.published)
    assert [str(difference) for difference in differences(on_duckdb.published, exported)] == []
    assert told["tables"] == on_duckdb.refreshed.json()["tables"]


def test_both_workers_built_it(on_cluster: OnCluster) -> None:
    assert on_cluster.state["aliveworkers"] == WORKERS
    assert [app["state"] for app in on_cluster.state["completedapps"]] == ["FINISHED"]
    assert len(on_cluster.tasks) == WORKERS
    assert min(on_cluster.tasks.values()) > 100


def test_status_and_kpis_tell_what_they_tell_on_duckdb(on_cluster: OnCluster, on_duckdb: OnDuckDb) -> None:
    ours, theirs = on_duckdb.ask("status").json(), on_cluster.ask("status").json()
    assert theirs["runs"][0]["target"] == "spark_cluster"
    for told in ("as_of", "tables", "quarantined_count", "alerts"):
        assert theirs[told] == ours[told]
    chosen = ("--kpi", "csat_score", "--kpi", "resolution_minutes_median", "--dimension", "team")
    figures, expected = (source.ask("kpis", *chosen).json()["scores"] for source in (on_cluster, on_duckdb))
    assert len(figures) > 1
    assert figures == [
        {
            name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in expected
    ]


def test_what_a_dialect_can_change_holds_on_made_up_rows(on_cluster: OnCluster) -> None:
    """The unit tests tagged dialect: local time, texts, JSON, decimals, percentiles, recursion."""
    told = on_cluster.refreshed.json()
    folder = on_cluster.warehouse / "build"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORT_KPIS_")}
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "dbt"),
            *("test", "--target", "spark_cluster", "--select", "tag:dialect,test_type:unit"),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "unit_tests")),
        ],
        cwd=PROJECT,
        env={
            **kept,
            **on_cluster.cluster.environment,
            "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
            "SUPPORT_KPIS_WAREHOUSE_DIR": str(on_cluster.warehouse),
            "SUPPORT_KPIS_RAW_SCHEMA": "raw_landed",
            "SUPPORT_KPIS_MARTS_SCHEMA": f"marts_{told['run_id']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.search(r"Done\. PASS=(\d+) ", done.stdout)
    assert passed and int(passed[1]) > 20
