"""The run log survives kills, and tells of them."""

import json
import multiprocessing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from support_kpis.runs import PUBLISHED, Run, RunLog, now


def test_numbers_count_up_and_rows_come_back(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "build" / "run_log.jsonl")
    first = log.start(target="dev", source="x", settings={"a": "1"})
    second = log.start(target="dev")
    assert (first.run_id, second.run_id) == ("000001", "000002")
    row = replace(first, finished_at=now(), status=PUBLISHED, as_of=datetime(2025, 1, 2), rows_published=3)
    log.finish(row)
    assert log.runs() == [row]
    last = log.last_published("000001")
    assert last is not None
    assert (last.run, last.source, last.settings) == (row, "x", {"a": "1"})
    assert log.last_published("000002") is None


def test_a_line_cut_off_by_a_kill_is_skipped_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "run_log.jsonl"
    log = RunLog(path)
    log.start(target="dev")
    with path.open("a") as file:
        file.write('{"event": "finished", "run_id": "0000')
    assert log.runs() == []
    assert log.start(target="dev").run_id == "000002"
    whole = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
    assert [event["run_id"] for event in whole] == ["000001", "000002"]


def test_a_line_with_bytes_that_are_no_text_is_skipped_or_read_around_them(tmp_path: Path) -> None:
    path = tmp_path / "run_log.jsonl"
    log = RunLog(path)
    row = replace(log.start(target="dev"), finished_at=now(), message="a word")
    log.finish(row)
    with path.open("ab") as file:
        file.write(b'{"event": "fini\xff\xfe\n')
    path.write_bytes(path.read_bytes().replace(b"a word", b"a w\xffrd"))
    assert log.runs() == [replace(row, message="a w\ufffdrd")]
    assert log.start(target="dev").run_id == "000002"
    assert log.settle(None, "000002") == []
    assert path.read_bytes().count(b"\xff") == 2


def test_killed_runs_are_settled_by_the_next(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "run_log.jsonl")
    killed = log.start(target="dev")
    log.note(killed.run_id, "stage", stage="build")
    out = log.start(target="dev")
    log.ready(replace(out, status=PUBLISHED, rows_published=9))
    not_out = log.start(target="dev")
    log.ready(replace(not_out, status=PUBLISHED))
    present = log.start(target="dev")
    settled = log.settle(out.run_id, present.run_id)
    assert [(run.run_id, run.status) for run in settled] == [
        ("000001", "failed"),
        ("000002", "published"),
        ("000003", "failed"),
    ]
    assert "during 'build'" in settled[0].message
    assert settled[0].finished_at is None
    assert settled[1].rows_published == 9
    assert log.settle(out.run_id, present.run_id) == []


def _start_some(path: Path) -> None:
    for _ in range(20):
        RunLog(path).start(target="dev")


def test_two_processes_never_get_the_same_number(tmp_path: Path) -> None:
    path = tmp_path / "run_log.jsonl"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_start_some, args=(path,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    numbers = [json.loads(line)["run_id"] for line in path.read_text().splitlines()]
    assert sorted(numbers) == [f"{number:06d}" for number in range(1, 61)]


def test_a_run_as_json_has_iso_instants() -> None:
    run = Run("000001", datetime(2025, 1, 2, 3, 4, 5), as_of=None)
    assert run.as_json()["started_at"] == "2025-01-02T03:04:05Z"
    assert run.as_json()["as_of"] is None
