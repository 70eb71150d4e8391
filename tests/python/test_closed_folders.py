"""Folders that this user may not read or enter, and calls that never reach their command."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import conftest
from test_cli import raw_folder
from test_rights import AS_OWNER

pytestmark = pytest.mark.skipif(
    bool(AS_OWNER) and shutil.which("setpriv") is None, reason="root may read anything"
)


def run(*arguments: str | Path, **variables: str) -> conftest.Outcome:
    process = subprocess.run(
        [*AS_OWNER, sys.executable, "-m", "support_kpis", *map(str, arguments)],
        cwd=conftest.PROJECT,
        env=conftest.environment(**variables),
        capture_output=True,
        text=True,
        timeout=300,
    )
    return conftest.Outcome(process.returncode, process.stdout, process.stderr)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder whose rights a test takes away; they are given back, so that it can be removed."""
    folder = raw_folder(tmp_path / "closed")
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize("mode", [0o000, 0o300, 0o600])
def test_a_raw_folder_that_may_not_be_read_or_entered(tmp_path: Path, closed: Path, mode: int) -> None:
    closed.chmod(mode)
    warehouse = tmp_path / "warehouse"
    for outcome in (
        run("refresh", "--raw-dir", closed, "--warehouse-dir", warehouse, "--json"),
        run("refresh", "--warehouse-dir", warehouse, "--json", SUPPORT_KPIS_RAW_DIR=str(closed)),
    ):
        assert outcome.code == outcome.json()["exit_code"] == 2
        assert outcome.json()["message"] == (
            f"The raw folder {closed} may not be read: give this user the right to read and to enter it."
        )
    outcome = run("doctor", "--raw-dir", closed, "--warehouse-dir", warehouse, "--json")
    words = {finding["topic"]: finding["words"] for finding in outcome.json()["findings"]}
    assert f"The raw folder {closed} may not be read" in words["raw input"]


def test_a_folder_of_parts_that_may_not_be_read(tmp_path: Path) -> None:
    raw = raw_folder(tmp_path / "raw")
    parts = raw / "agents"
    parts.mkdir(mode=0o000)
    outcome = run("refresh", "--raw-dir", raw, "--warehouse-dir", tmp_path / "warehouse", "--json")
    assert outcome.code == 2
    assert f"{parts} may not be read: give this user the right to read it." in outcome.json()["message"]
    parts.chmod(0o700)


@pytest.mark.parametrize("command", ["status", "kpis", "report", "rollback", "refresh", "doctor"])
@pytest.mark.parametrize("mode", [0o000, 0o600])
def test_a_warehouse_folder_that_may_not_be_entered(closed: Path, command: str, mode: int) -> None:
    closed.chmod(mode)
    outcome = run(command, "--warehouse-dir", closed, "--json")
    assert outcome.code == outcome.json()["exit_code"] == 2
    assert "Usage" not in outcome.err and "unexpectedly" not in outcome.err
    if command != "doctor":
        assert str(closed) in outcome.json()["message"]
        assert "give this user the right" in outcome.json()["message"]


@pytest.mark.parametrize(
    ("call", "command", "words"),
    [
        (("refresh", "--fast"), "refresh", "No such option: --fast"),
        (("kpis", "--last", "x"), "kpis", "Invalid value for '--last'"),
        (("juggle",), None, "No such command 'juggle'."),
    ],
)
def test_wrong_use_gives_an_object_too(call: tuple[str, ...], command: str | None, words: str) -> None:
    outcome = conftest.run(*call, "--json")
    told = json.loads(outcome.out)
    assert outcome.code == told["exit_code"] == 2
    assert told["command"] == command
    assert words in told["message"] and words in outcome.err
    plain = conftest.run(*call)
    assert (plain.code, plain.out) == (2, "")
