"""The command that hands a question to MetricFlow: its answer, its words, and that it asks nobody else."""

import csv
import socket
import threading
from pathlib import Path

import pytest

from conftest import Metrics, run


def test_the_command_answers_as_the_engine_does(warehouse: Path, metrics: Metrics, tmp_path: Path) -> None:
    answer = tmp_path / "nps.csv"
    outcome = run(
        *("mf", "--warehouse-dir", warehouse, "query", "--metrics", "nps"),
        *("--group-by", "metric_time__month,team__team_id", "--csv", answer),
    )
    assert outcome.code == 0, outcome.out + outcome.err
    with answer.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {(row["metric_time__month"][:10], row["team__team_id"] or None): row["nps"] for row in rows}
    asked = metrics.ask("nps", "metric_time__month", "team__team_id")
    assert len(asked) > 20
    assert {key: float(value) for key, value in told.items() if value} == {
        (str(month), team): value for (month, team), value in asked.items()
    }


def test_the_configuration_is_valid_against_the_published_marts(warehouse: Path) -> None:
    outcome = run("mf", "--warehouse-dir", warehouse, "validate-configs", "--show-all")
    assert outcome.code == 0, outcome.out + outcome.err
    checks = outcome.out.count("ERRORS: 0, FUTURE_ERRORS: 0, WARNINGS: 0")
    assert checks >= 5, outcome.out


def test_no_index_is_asked_for_a_newer_version(warehouse: Path, tmp_path: Path) -> None:
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    calls.append(connection.recv(200))

        thread = threading.Thread(target=listen)
        thread.start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            outcome = run(
                *("mf", "--warehouse-dir", warehouse, "list", "metrics"),
                HTTPS_PROXY=proxy,
                HTTP_PROXY=proxy,
                https_proxy=proxy,
                http_proxy=proxy,
                # The check would remember an answer for an hour.
                TMPDIR=str(tmp_path),
            )
        finally:
            ended.set()
            thread.join()
    assert outcome.code == 0, outcome.out + outcome.err
    assert "nps" in outcome.out
    assert not calls


def test_where_nothing_is_published_the_remedy_is_told(tmp_path: Path) -> None:
    outcome = run("mf", "--warehouse-dir", tmp_path / "nowhere", "list", "metrics")
    assert outcome.code == 2
    assert "run support-kpis refresh first" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_metric_that_does_not_exist_is_told(warehouse: Path) -> None:
    outcome = run("mf", "--warehouse-dir", warehouse, "query", "--metrics", "npss")
    assert outcome.code == 1
    assert "npss" in outcome.out + outcome.err
    assert "nps" in (outcome.out + outcome.err).replace("npss", "")


@pytest.mark.parametrize("words", [("mf",), ("mf", "query", "--help")])
def test_help_is_that_of_metricflow(warehouse: Path, words: tuple[str, ...]) -> None:
    outcome = run(words[0], "--warehouse-dir", warehouse, *words[1:])
    assert outcome.code == 0
    assert "Usage: support-kpis mf" in outcome.out
