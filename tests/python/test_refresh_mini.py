"""What a refresh promises when all goes well and when something fails, on a small project."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

import conftest
import mini as mini_module
from mini import Mini

TOOL = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print(connection.execute("select count(*) from marts.fct_tickets").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("select count(*) from marts.fct_tickets").fetchone()[0])
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small warehouse after its first refresh; look, do not touch."""
    mini = mini_module.make(tmp_path_factory.mktemp("mini"))
    outcome = mini.refresh("--json")
    assert outcome.code == 0, outcome.err
    return mini


@pytest.fixture
def mini(first: Mini, tmp_path: Path) -> Mini:
    """A copy of it that a test may change."""
    shutil.copytree(first.root, tmp_path / "mini")
    moved = Mini(tmp_path / "mini")
    # The log names the input; the copy is to count as the same input.
    moved.run_log.write_text(moved.run_log.read_text().replace(str(first.root), str(moved.root)))
    return moved


def last_run(mini: Mini) -> dict[str, object]:
    events = [json.loads(line) for line in mini.run_log.read_text().splitlines()]
    return next(event["row"] for event in reversed(events) if event["event"] == "finished")


def fingerprint(mini: Mini) -> list[tuple[object, ...]]:
    newest = "(select max(run_id) from marts.ops_refresh_runs where status = 'published')"
    return mini.query(f"select count(*), sum(minutes), {newest} from marts.fct_tickets")


def test_a_second_refresh_is_compared_and_tells_of_the_first(mini: Mini) -> None:
    mini.feed_many(110)
    # Some tools open a file for writing where they only read; that may not disturb a refresh either.
    tool = subprocess.Popen(
        [sys.executable, "-c", TOOL, str(mini.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert tool.stdout is not None
    assert tool.stdout.readline() == "100\n"
    outcome = mini.refresh("--json")
    assert tool.communicate("\n", timeout=30)[0] == "100\n"
    assert outcome.code == 0, outcome.err
    told = outcome.json()
    assert told["tables"] == {"fct_tickets": 110, "ops_reconciliation": 1, "ops_refresh_runs": 2}
    assert told["run_id"] == "000002"
    assert told["as_of"] == "2025-01-28T00:00:00Z"
    assert told["models_count"] == 5
    assert told["tests_count"] == 2 + 3
    assert "not compared" not in outcome.err
    rows = mini.query("select run_id, status, rows_published from marts.ops_refresh_runs order by 1")
    assert rows == [("000001", "published", 101), ("000002", "published", 111)]


def test_a_failing_test_publishes_nothing(mini: Mini) -> None:
    before = fingerprint(mini)
    mini.feed("same,2025-01-01,1", "same,2025-01-02,2", "other,2025-01-03,3")
    outcome = mini.refresh("--full-refresh")
    assert outcome.code == 1
    assert "Test unique_fct_tickets_ticket_id failed: 1 row(s) of fct_tickets." in outcome.err
    assert "For example unique_field same, n_records 2." in outcome.err
    assert "dbt test --select NAME --store-failures" in outcome.err
    assert "Nothing was published; the last good marts still stand." in outcome.err
    assert "Traceback" not in outcome.err
    assert fingerprint(mini) == before
    run = last_run(mini)
    assert (run["status"], run["failures_count"]) == ("failed", 1)
    assert "unique_fct_tickets_ticket_id" in str(run["message"])


def test_a_model_that_fails_is_named_without_a_stack_trace(mini: Mini) -> None:
    before = fingerprint(mini)
    mini.feed("a,2025-01-01,not a number")
    outcome = mini.refresh("--json")
    assert outcome.code == 1
    told = outcome.json()
    assert told["exit_code"] == 1
    assert "Model stg_helpdesk__tickets failed: " in told["message"]
    assert "not a number" not in told["message"] + outcome.err + mini.run_log.read_text()
    assert "Could not convert string" in told["message"]
    assert "Traceback" not in outcome.err
    assert fingerprint(mini) == before


def test_a_project_that_does_not_compile_is_told(mini: Mini) -> None:
    (mini.project / "models/marts/fct_tickets.sql").write_text("select {{ nonsense(")
    outcome = mini.refresh()
    assert outcome.code == 1
    assert "dbt could not build: " in outcome.err
    assert "fct_tickets" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_failing_expectation_publishes_nothing_unless_the_change_is_meant(mini: Mini) -> None:
    before = fingerprint(mini)
    mini.feed_many(10)
    outcome = mini.refresh()
    assert outcome.code == 1
    assert (
        "Expectation failed on fct_tickets: expect_table_row_count_to_be_between; observed 10" in outcome.err
    )
    assert "expected min_value 50. At most half of the rows may go." in outcome.err
    assert "Nothing was published" in outcome.err
    assert fingerprint(mini) == before
    assert list(mini.published.parent.glob(".candidate-*")) == []
    assert last_run(mini)["failures_count"] == 1
    assert (mini.warehouse / "data_docs/index.html").exists()
    meant = mini.refresh("--full-refresh")
    assert meant.code == 0, meant.err
    assert fingerprint(mini)[0][0] == 10


def test_another_refresh_exits_3_and_says_who_runs(mini: Mini) -> None:
    before = fingerprint(mini)
    running = conftest.start(*mini.arguments(), **mini.variables(3_000_000_000))
    try:
        _await_stage(mini, "build")
        outcome = mini.refresh("--json")
        assert outcome.code == 3
        told = outcome.json()
        assert f"process {running.pid} since 20" in told["message"]
        assert "Nothing was changed" in told["message"]
        status = conftest.run(
            "status", "--warehouse-dir", mini.warehouse, "--json", **mini.variables()
        ).json()
        assert status["running"]["pid"] == running.pid
        rolled = conftest.run("rollback", "--warehouse-dir", mini.warehouse, **mini.variables())
        assert rolled.code == 3
    finally:
        running.kill()
        running.communicate()
    assert last_run(mini)["status"] == "failed"
    assert fingerprint(mini) == before


def test_the_lock_alone_is_enough_to_refuse(mini: Mini) -> None:
    with FileLock(mini.warehouse / "build/refresh.lock"):
        outcome = mini.refresh()
    assert outcome.code == 3
    assert "is running already (another process)" in outcome.err


def _await_stage(mini: Mini, stage: str, timeout: float = 60) -> str:
    """Wait until the run that was started last has begun a stage; its run id."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        events = [json.loads(line) for line in mini.run_log.read_text().splitlines() if line.endswith("}")]
        started = [event["run_id"] for event in events if event["event"] == "started"]
        begun = [(event["run_id"], event.get("stage")) for event in events]
        if (started[-1], stage) in begun and not any(
            event["event"] == "finished" and event["run_id"] == started[-1] for event in events
        ):
            return str(started[-1])
        time.sleep(0.01)
    raise AssertionError(f"no run came to {stage}")


@pytest.mark.slow
def test_killed_at_any_moment_the_published_file_is_whole_and_the_next_refresh_succeeds(mini: Mini) -> None:
    good = {fingerprint(mini)[0][2]}
    killed = []
    moments = [
        *(("check", 0.0), ("build", 0.0), ("build", 1.5), ("build", 3.0), ("candidate", 0.0)),
        *(("audit", 0.0), ("audit", 1.0), ("publish", 0.0), ("publish", 0.01), ("publish", 0.03)),
    ]
    for stage, delay in moments:
        before = len(mini.run_log.read_text().splitlines())
        process = conftest.start(*mini.arguments(), **mini.variables(50_000_000))
        while len(mini.run_log.read_text().splitlines()) == before:
            time.sleep(0.01)
        try:
            run_id = _await_stage(mini, stage)
        except AssertionError:
            _, err = process.communicate()
            raise AssertionError(err) from None
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        killed.append(run_id)
        assert fingerprint(mini)[0][:2] == (100, 4950), (stage, delay)
        shown = fingerprint(mini)[0][2]
        assert shown in good | {run_id}, (stage, delay)
        assert stage == "publish" or shown != run_id
        good.add(shown)
        assert mini.query("select distinct schema_name from duckdb_tables()") == [("marts",)]
    outcome = mini.refresh("--json")
    assert outcome.code == 0, outcome.err
    assert list(mini.published.parent.glob(".candidate-*")) == []
    told = dict(mini.query("select run_id, status from marts.ops_refresh_runs"))
    for run_id in killed:
        assert told[run_id] == ("published" if run_id in good else "failed")
    assert told[outcome.json()["run_id"]] == "published"
    earlier = [path.name for path in mini.published.parent.glob("support_kpis-*.duckdb")]
    assert len(earlier) <= 5


@pytest.mark.parametrize(("number", "stage"), [(signal.SIGTERM, "build"), (signal.SIGINT, "audit")])
def test_a_signal_ends_a_refresh_in_good_order(mini: Mini, number: signal.Signals, stage: str) -> None:
    before = fingerprint(mini)
    process = conftest.start(*mini.arguments(), **mini.variables(2_000_000_000 if stage == "build" else 1000))
    _await_stage(mini, stage)
    time.sleep(2.5 if stage == "build" else 0.5)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert f"Stopped by {number.name}: nothing was published" in err
    assert "Traceback" not in err
    assert fingerprint(mini) == before
    run = last_run(mini)
    assert run["status"] == "failed"
    assert number.name in str(run["message"])
    assert run["finished_at"]
    assert list(mini.published.parent.glob(".candidate-*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_after_the_first_change_nothing(mini: Mini, number: signal.Signals) -> None:
    before = fingerprint(mini)
    process = conftest.start(*mini.arguments("--json"), **mini.variables(2_000_000_000))
    _await_stage(mini, "build")
    time.sleep(2.5)
    # Until it has ended: while it cancels, while it writes its last words, and after them.
    while process.poll() is None:
        process.send_signal(number)
        time.sleep(0.02)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert f"Stopped by {number.name}: nothing was published" in json.loads(out)["message"]
    assert "Traceback" not in err and "Exception ignored" not in err
    assert fingerprint(mini) == before
    assert last_run(mini)["status"] == "failed"


def test_signals_after_the_publication_change_nothing(mini: Mini) -> None:
    process = conftest.start(*mini.arguments("--json"), **mini.variables())
    _await_stage(mini, "publish")
    while last_run(mini)["run_id"] == "000001":
        time.sleep(0.01)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["status"] == "published"


def test_a_signal_that_dbt_swallowed_ends_a_refresh_too(mini: Mini) -> None:
    before = fingerprint(mini)
    # Left alone, the query would take many minutes.
    variables = mini.variables(200_000_000_000) | {
        "PYTHONPATH": str(conftest.PROJECT / "tests/swallowed_signal")
    }
    process = conftest.start(*mini.arguments(), **variables)
    try:
        _, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 1, err
    assert "Stopped by SIGTERM: nothing was published" in err
    assert fingerprint(mini) == before


@pytest.mark.parametrize("log_is_full", [False, True])
def test_a_full_disk_is_told(mini: Mini, log_is_full: bool) -> None:
    before = fingerprint(mini)
    if log_is_full:
        # Then dbt's log cannot be written either, and logging tells of each line that it could not write.
        (mini.warehouse / "logs" / "dbt.log").write_bytes(b"\n" * 600_000)
    # Files may not grow beyond what they are: the nearest to a full disk that needs no rights.
    limit = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000)); "
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            limit + "runpy.run_module('support_kpis', run_name='__main__')",
            *mini.arguments(),
        ],
        env=conftest.environment(**mini.variables()),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.returncode == 2, process.stderr
    assert "is full: free some space there" in process.stderr
    assert "Traceback" not in process.stderr
    assert "Logging error" not in process.stderr
    assert fingerprint(mini) == before


def test_damaged_files_are_written_anew(mini: Mini) -> None:
    (mini.warehouse / "build/support_kpis.duckdb").write_bytes(b"damaged" * 9999)
    mini.published.write_bytes(b"damaged" * 9999)
    status = conftest.run("status", "--warehouse-dir", mini.warehouse, "--json", **mini.variables())
    assert status.code == status.json()["exit_code"] == 2
    assert status.json()["database"] == str(mini.published) and status.json()["run_id"] is None
    assert "does not say which run published it" in status.json()["message"]
    assert status.json()["runs"]
    plain = conftest.run("status", "--warehouse-dir", mini.warehouse, **mini.variables())
    assert plain.code == 2
    assert status.json()["message"] == plain.err.strip()
    assert "Last runs" in plain.out and "Nothing is published" not in plain.out
    outcome = mini.refresh()
    assert outcome.code == 0, outcome.err
    assert "could not be opened" in outcome.err
    assert fingerprint(mini)[0][0] == 100


def test_an_empty_required_table_publishes_empty_marts_and_says_so(mini: Mini) -> None:
    mini.feed()
    outcome = conftest.run(*mini.arguments("--json", "--full-refresh"), **mini.variables())
    assert outcome.code == 0, outcome.err
    told = outcome.json()
    assert told["tables"]["fct_tickets"] == 0
    assert told["as_of"] is None
    assert any("required table tickets is empty" in words for words in told["notes"])


def test_a_file_under_a_near_name_is_not_passed_over_in_silence(mini: Mini) -> None:
    (mini.raw / "Tickets_2024.csv").write_text("")
    outcome = mini.refresh("--json")
    assert outcome.code == 0, outcome.err
    assert [
        note for note in outcome.json()["notes"] if f"Not read from {mini.raw}: Tickets_2024.csv." in note
    ]
    assert "Not read from" in outcome.err
    doctor = conftest.run(
        *("doctor", "--raw-dir", mini.raw, "--warehouse-dir", mini.warehouse, "--json"), **mini.variables()
    )
    words = {finding["topic"]: finding["words"] for finding in doctor.json()["findings"]}
    assert f"1 tables with 100 rows in {mini.raw}. Not read" in words["raw input"]


def test_a_page_that_cannot_be_made_costs_a_word_and_never_the_refresh(mini: Mini) -> None:
    """The small project has no scorecard, so there is nothing to make a page of."""
    assert not (mini.warehouse / "report.html").exists()
    (mini.warehouse / "report.html").write_text("the page of an earlier build")
    outcome = mini.refresh("--json")
    assert outcome.code == 0, outcome.err
    told = outcome.json()
    assert told["status"] == last_run(mini)["status"] == "published"
    assert fingerprint(mini) == [(100, 4950.0, told["run_id"])]
    (warning,) = [note for note in told["notes"] if note.startswith("Warning: the marts are published, but")]
    assert "still that of an earlier build" in warning and warning in outcome.err
    assert (mini.warehouse / "report.html").read_text() == "the page of an earlier build"
    assert not list(mini.warehouse.glob(".report*"))


def test_vars_of_the_project_give_way_to_the_command_line(mini: Mini) -> None:
    with (mini.project / "dbt_project.yml").open("a") as file:
        file.write("\nvars:\n  as_of: 2020-01-01\n")
    outcome = mini.refresh("--as-of", "2025-06-30T12:00:00+02:00", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json()["as_of"] == "2025-06-30T10:00:00Z"


def test_plain_output_from_any_folder(mini: Mini, tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "support_kpis", "refresh", "--raw-dir=mini/raw", "--warehouse-dir=it's $my w"],
        cwd=tmp_path,
        env=conftest.environment(**mini.variables()),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it's $my w", "mini"]
    assert "\x1b" not in process.stdout + process.stderr
    assert "Building and testing with dbt: done after" in process.stderr
    assert "fct_tickets" in process.stdout
    assert f"The marts are in {tmp_path}/it's $my w/published/support_kpis.duckdb" in process.stdout
    assert "As of 2025-01-28T00:00:00Z, run 000001." in process.stdout
