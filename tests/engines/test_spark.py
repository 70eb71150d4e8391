"""On a real cluster of a master and two workers: the whole project, refreshed by the driver, equals DuckDB's.

The tests of `tests/singular` run on the cluster, which are those that a dialect can change.
"""

from pathlib import Path

import pytest
from comparison import compared_tables, differences
from exports import export_spark
from spark_cluster import WORKERS, NoClusterError, spark_cluster

from conftest import PROJECT, run


@pytest.mark.parametrize(
    ("tickets", "rows"),
    [
        pytest.param(200, 20_000, id="a small operation with all dirt"),
        pytest.param(0, 500_000, id="the sample", marks=pytest.mark.parity),
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
            state = cluster.state()
            tasks = cluster.tasks_by_executor()
    except NoClusterError as error:
        pytest.fail(str(error), pytrace=False)
    assert theirs.code == 0, theirs.err
    assert state["aliveworkers"] == WORKERS
    assert [app["state"] for app in state["completedapps"]] == ["FINISHED"]
    assert len(tasks) == WORKERS
    assert min(tasks.values()) > 0
    published = tmp_path / "dev" / "published" / "support_kpis.duckdb"
    tables = warehouse / "build" / "spark" / "tables"
    exported = export_spark(tables, PROJECT, tmp_path / "spark.duckdb", f"marts_{theirs.json()['run_id']}")
    assert [str(difference) for difference in differences(published, exported)] == []
    assert compared_tables(exported) == compared_tables(published)
    assert sum(compared_tables(exported).values()) > rows
    assert theirs.json()["tables"] == ours.json()["tables"]
