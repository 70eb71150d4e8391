"""What holds for every file of the repository, whatever is in it."""

import re
import subprocess
from pathlib import Path

import pytest

from conftest import PROJECT

MACHINE_PATH = re.compile(r"(?<![\w./~}$-])/(?:work|tmp|root|home|Users)/")
HOST = re.compile(r"https?://([A-Za-z0-9.-]+)")
NAMESPACES = {"www.w3.org"}
THIS_MACHINE = {"127.0.0.1"}
LONGEST = {".sql": 160, ".yml": 300, ".py": 400}
LONGEST_MACRO = 80
LONGEST_LINE = 200
PICTURES = {".png"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """All files of text that git tracks, as far as they are still there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("this is no git checkout, so nobody knows which files belong to it")
    found = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in found if path.is_file() and path.suffix not in PICTURES]


def test_no_file_names_a_path_of_a_machine(files: list[Path]) -> None:
    assert len(files) > 300
    assert not [path for path in files if MACHINE_PATH.search(text_of(path))]
    assert MACHINE_PATH.search("see " + "/".join(["", "tmp", "x"]))


def test_no_file_but_a_page_names_a_host(files: list[Path]) -> None:
    allowed = NAMESPACES | THIS_MACHINE
    named = {path: set(HOST.findall(text_of(path))) - allowed for path in files if path.suffix != ".md"}
    assert not {path: hosts for path, hosts in named.items() if hosts}


def test_lock_files_hold_hashes_and_no_address() -> None:
    locks = sorted((PROJECT / "requirements").glob("*.txt"))
    assert locks
    for lock in locks:
        text = text_of(lock)
        assert "://" not in text and "index-url" not in text
        pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.MULTILINE)
        assert len(pinned) > (50 if lock.stem == "dev" else 0)
        assert text.count("--hash=sha256:") >= len(pinned)


def test_no_file_is_asking_for_another_room(files: list[Path]) -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in files if path.suffix in LONGEST}
    assert not {path: length for path, length in lengths.items() if length > LONGEST[path.suffix]}


def test_no_line_of_sql_runs_out_of_the_window(files: list[Path]) -> None:
    lines = [
        (path, number)
        for path in files
        if path.suffix == ".sql" and path.relative_to(PROJECT).parts[0] in {"models", "tests", "analyses"}
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert not lines


def test_no_macro_is_longer_than_a_screen(files: list[Path]) -> None:
    found = 0
    for path in files:
        if path.suffix != ".sql" or "macros" not in path.relative_to(PROJECT).parts[:1]:
            continue
        for macro in re.findall(r"\{%-?\s*macro\b.*?\{%-?\s*endmacro", text_of(path), re.DOTALL):
            found += 1
            assert len(macro.splitlines()) <= LONGEST_MACRO, path
    assert found > 50


def test_only_tests_and_pages_know_the_data_beside_the_checkout(files: list[Path]) -> None:
    beside = "../" + "shared"
    knowing = {
        path.relative_to(PROJECT).parts[0]
        for path in files
        if path.suffix != ".md" and beside in text_of(path)
    }
    assert knowing <= {"tests", "docs"}
