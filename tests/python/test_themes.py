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


def test_a_project_without_themes_is_fine(tmp_path: Path) -> None:
    assert check_themes(tmp_path) == 0
