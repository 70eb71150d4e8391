"""A wrong pattern of a theme is found before a build, by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import PROJECT
from support_kpis.errors import WrongUse
from support_kpis.themes import SEED, check_themes


def write(folder: Path, *lines: str) -> Path:
    (folder / SEED).parent.mkdir(parents=True)
    (folder / SEED).write_text("\n".join(("theme,language,pattern", *lines)) + "\n", encoding="utf-8")
    return folder


def test_the_projects_own_themes_compile() -> None:
    assert check_themes(PROJECT) > 20


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("waiting,,wait(ed", "missing )"),
        ("waiting,,*slow", "no argument for repetition"),
        (",,slow", "a theme and a pattern are needed"),
        ("waiting,de,", "a theme and a pattern are needed"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    project = write(tmp_path, "speed,,fast", line)
    with pytest.raises(WrongUse, match="line 3") as failure:
        check_themes(project)
    assert reason in str(failure.value)


def test_a_file_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    project = write(tmp_path, "speed,,fast")
    path = project / SEED
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert check_themes(project) == 1


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    project = write(tmp_path, "speed,,fast")
    with (project / SEED).open("ab") as file:
        file.write("langsam,de,träge\n".encode("latin-1"))
    with pytest.raises(WrongUse, match="line 3 is not UTF-8"):
        check_themes(project)


def test_a_project_without_themes_is_fine(tmp_path: Path) -> None:
    assert check_themes(tmp_path) == 0
