"""The driver on Spark, on a small project: publish, compare, fail, go back, and say what is missing."""

import os
import socket
import sys
from pathlib import Path

import pytest

from conftest import PROJECT, Outcome, run

sys.path.append(str(PROJECT / "tests" / "python"))

import mini as mini_module
from mini import Mini
from support_kpis.layout import Warehouse
from support_kpis.lock import warehouse_lock

SMALL = {
    "SUPPORT_KPIS_SPARK_MASTER": "local[2]",
    "SUPPORT_KPIS_SPARK_PARTITIONS": "1",
    "SUPPORT_KPIS_SPARK_MEMORY": "1g",
}


def refresh(mini: Mini, *more: str, **variables: str) -> Outcome:
    return run(
        *mini.arguments("--target", "spark", "--json", *more), **(mini.variables() | SMALL | variables)
    )


def ask(mini: Mini, command: str, *more: str) -> Outcome:
    where = ("--warehouse-dir", str(mini.warehouse), "--json")
    return run(command, *more, *where, **mini.variables(), **SMALL)


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    return mini_module.make(tmp_path_factory.mktemp("mini"))


@pytest.fixture(scope="module")
def first(mini: Mini) -> Outcome:
    return refresh(mini)


def test_a_refresh_publishes_views_over_the_tables_of_its_run(mini: Mini, first: Outcome) -> None:
    assert first.code == 0, first.err
    told = first.json()
    assert told["tables"] == {"fct_tickets": 100, "ops_reconciliation": 1, "ops_refresh_runs": 1}
    assert told["as_of"] == "2025-01-28T00:00:00Z"
    assert told["tests_count"] == 2 + 2
    assert not [word for word in ("WARN", '"ts"', "Traceback") if word in first.err]
    assert (mini.warehouse / "logs" / "spark.log").is_file()
    assert (mini.warehouse / "data_docs" / "index.html").is_file()
    status = ask(mini, "status").json()
    assert (status["run_id"], status["tables"]["fct_tickets"]) == ("000001", 100)


def test_a_bad_build_leaves_the_views_where_they_are(mini: Mini, first: Outcome) -> None:
    mini.feed_many(20)
    too_few = refresh(mini)
    assert too_few.code == 1
    assert "fct_tickets: expect_table_row_count_to_be_between; observed 20" in too_few.err
    mini.feed("a,2025-01-01,1", "a,2025-01-02,2")
    twice = refresh(mini)
    assert twice.code == 1
    assert "Test unique_fct_tickets_ticket_id failed: 1 row(s) of fct_tickets" in twice.err
    assert ask(mini, "status").json()["run_id"] == "000001"
    tables = mini.warehouse / "build" / "spark" / "tables"
    assert [path.name for path in tables.glob("marts_*.db")] == ["marts_000001.db"]


def test_a_second_build_can_be_taken_back_and_forth(mini: Mini, first: Outcome) -> None:
    mini.feed_many(110)
    second = refresh(mini)
    assert second.code == 0, second.err
    run_id = second.json()["run_id"]
    assert not [note for note in second.json()["notes"] if "not compared" in note]
    back = ask(mini, "rollback")
    assert (back.code, back.json()["published_run_id"]) == (0, "000001"), back.err
    status = ask(mini, "status").json()
    assert (status["run_id"], status["tables"]["fct_tickets"]) == ("000001", 100)
    assert status["earlier_builds"] == [run_id]
    forth = ask(mini, "rollback", run_id)
    assert (forth.code, forth.json()["published_run_id"]) == (0, run_id), forth.err


def test_what_a_killed_build_left_is_no_hindrance(mini: Mini, first: Outcome) -> None:
    # A folder without a table, where the next build may want to make one.
    left = mini.warehouse / "build" / "spark" / "tables" / "intermediate.db" / "gone"
    left.mkdir(parents=True)
    (left / "part-0.parquet").write_bytes(b"half")
    mini.feed_many(110)
    outcome = refresh(mini)
    assert outcome.code == 0, outcome.err
    assert not left.exists()
    assert "Removed the files of intermediate.gone, which are no table's." in outcome.json()["notes"]


# Ends the process, as a kill would, when the first view of a publication was moved and the others were not.
KILLED_WHILE_IT_MOVES = """
import os
from support_kpis.engines.spark_tables import SparkTables
real = SparkTables._do
def do(self, statement):
    real(self, statement)
    if statement.startswith("create or replace view marts."):
        os._exit(137)
SparkTables._do = do
"""


@pytest.fixture
def killed(tmp_path: Path) -> dict[str, str]:
    """The environment in which a publication is broken off."""
    (tmp_path / "sitecustomize.py").write_text(KILLED_WHILE_IT_MOVES)
    return {"PYTHONPATH": str(tmp_path)}


def test_a_publication_that_was_broken_off_is_ended_by_the_next_command(
    mini: Mini, first: Outcome, killed: dict[str, str]
) -> None:
    before = ask(mini, "status").json()["run_id"]
    mini.feed_many(120)
    assert refresh(mini, **killed).code == 137
    broken = f"{int(before) + 1:06d}"
    status = ask(mini, "status").json()
    assert (status["run_id"], status["unfinished_run_id"]) == (before, broken)
    assert status["tables"]["fct_tickets"] == 120
    # Going back ends it, and then goes back to the build before it.
    back = ask(mini, "rollback")
    assert (back.code, back.json()["published_run_id"]) == (0, before), back.err
    status = ask(mini, "status").json()
    assert (status["run_id"], status["unfinished_run_id"]) == (before, None)
    assert status["tables"]["fct_tickets"] < 120
    assert {run["run_id"]: run["status"] for run in status["runs"]}[broken] == "published"
    # A rollback that was broken off is ended by a refresh.
    where = ("--warehouse-dir", str(mini.warehouse))
    assert run("rollback", broken, *where, **mini.variables(), **SMALL, **killed).code == 137
    again = refresh(mini)
    assert again.code == 0, again.err
    moved = f"Moved the rest of the views in marts to the build of run {broken}."
    assert moved in again.json()["notes"]


def test_a_signal_ends_what_spark_does(mini: Mini, first: Outcome) -> None:
    before = ask(mini, "status").json()["run_id"]
    # PySpark has a handler of its own for this one. Left alone, the query would take hours.
    swallowed = {"PYTHONPATH": str(PROJECT / "tests" / "swallowed_signal"), "SWALLOWED_SIGNAL": "SIGINT"}
    outcome = refresh(mini, MINI_STEPS=str(10**13), **swallowed)
    assert outcome.code == 1, outcome.err
    assert "Stopped by SIGINT: nothing was published" in outcome.err
    assert ask(mini, "status").json()["run_id"] == before


def test_a_java_that_dies_is_named(mini: Mini, first: Outcome, tmp_path: Path) -> None:
    # Ends Java, as a machine short of memory would, when the build is done.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal\n"
        "from support_kpis.engines.spark_tables import SparkTables\n"
        "real = SparkTables.write_candidate\n"
        "def write(self, *arguments):\n"
        "    os.kill(self._session.sparkContext._gateway.proc.pid, signal.SIGKILL)\n"
        "    return real(self, *arguments)\n"
        "SparkTables.write_candidate = write\n"
    )
    mini.feed_many(110)
    outcome = refresh(mini, PYTHONPATH=str(tmp_path))
    assert outcome.code == 1, outcome.err
    assert "The engine of target 'spark' failed during" in outcome.err


def test_a_running_refresh_has_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "build" / "spark").mkdir(parents=True)
    with warehouse_lock(Warehouse(tmp_path), "refresh"):
        outcome = run("status", "--target", "spark", "--warehouse-dir", tmp_path, "--json")
    assert outcome.code == 3, outcome.err
    assert f"A refresh runs in process {os.getpid()}" in outcome.out
    assert "Spark's catalogue open" in outcome.out


def fake_java(folder: Path, version: str) -> dict[str, str]:
    """A JAVA_HOME whose Java says that it is of some version."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return {"JAVA_HOME": str(folder)}


def missing(tmp_path: Path, name: str) -> tuple[str, dict[str, str], str]:
    """Target, environment, and the words that name what it lacks."""
    if name == "no java":
        return (
            "spark",
            {"JAVA_HOME": "", "PATH": str(tmp_path)},
            "there is no java on the path: install Java 17",
        )
    if name == "old java":
        return "spark", fake_java(tmp_path / "java", "11.0.2"), "is Java 11: install Java 17"
    if name == "very old java":
        return "spark", fake_java(tmp_path / "java", "1.8.0_402"), "is Java 8: install Java 17"
    if name == "no cluster":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"spark://127.0.0.1:{port}"
        return (
            "spark_cluster",
            {"SUPPORT_KPIS_SPARK_MASTER": address},
            f"No Spark master answers at {address}",
        )
    if name == "no adapter":
        # A package of that name that is not the adapter hides it, as if it were not installed.
        return "spark", {"SUPPORT_KPIS_TEST_HIDES": "pyspark"}, "run make setup TARGET=spark"
    folder = tmp_path / "file"
    folder.write_text("")
    return (
        "spark",
        {"SUPPORT_KPIS_SPARK_WAREHOUSE": str(folder / "tables")},
        "Spark's tables cannot be written to",
    )


@pytest.mark.parametrize(
    "name", ["no java", "old java", "very old java", "no cluster", "no adapter", "no folder"]
)
@pytest.mark.parametrize("command", ["doctor", "refresh"])
def test_what_is_missing_is_named_before_anything_is_built(tmp_path: Path, command: str, name: str) -> None:
    target, variables, words = missing(tmp_path, name)
    hidden = variables.pop("SUPPORT_KPIS_TEST_HIDES", None)
    if hidden:
        (tmp_path / "sitecustomize.py").write_text(
            "import importlib.util\nreal = importlib.util.find_spec\n"
            "importlib.util.find_spec = lambda name, package=None: "
            f"None if name == {hidden!r} else real(name, package)\n"
        )
        variables["PYTHONPATH"] = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    warehouse = tmp_path / "warehouse"
    outcome = run(command, "--target", target, "--warehouse-dir", warehouse, "--json", **variables)
    assert outcome.code == 2, outcome.err
    assert words in outcome.out
    assert "Traceback" not in outcome.err
    assert not (warehouse / "build" / "target").exists()
