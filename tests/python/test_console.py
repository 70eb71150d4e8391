"""Words from the input reach the terminal as they are."""

from __future__ import annotations

import io

import pytest

from support_kpis.console import Reporter, output, table

# Rich would drop the first, take the second for a face, and fail at the third.
NAMES = ("Billing [EU]", "Night :on: call", "Back office [/b]")


def test_a_name_with_brackets_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    output().print(table("", ("team", "n"), [(name, 1) for name in NAMES]))
    told = capsys.readouterr().out
    assert all(name in told for name in NAMES)


def test_a_stage_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Reporter() as reporter:
        for name in NAMES:
            reporter.stage(f"Checking {name}")
            reporter.note(name)
    told = capsys.readouterr().err
    assert all(told.count(name) >= 3 for name in NAMES)


def test_a_live_line_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with Reporter() as reporter:
        screen = io.StringIO()
        monkeypatch.setattr(reporter.console, "_force_terminal", True)
        monkeypatch.setattr(reporter.console, "file", screen)
        for name in NAMES:
            reporter.stage(name)
            reporter.progress(1, 2, name)
    assert all(name in screen.getvalue() for name in NAMES)
