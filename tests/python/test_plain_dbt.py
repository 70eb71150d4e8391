"""What the driver refuses before a build plain dbt refuses as it compiles: no setting is bent in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import PROJECT, environment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that the project is read once."""
    made = tmp_path_factory.mktemp("plain")
    (made / "build").mkdir()
    return made


def compiled(folder: Path, setting: str, value: str) -> subprocess.CompletedProcess[str]:
    """Compile what reads a setting, with the setting in the environment."""
    macro = "configured_as_of()" if setting == "AS_OF" else f"setting_in_days('{setting.lower()}')"
    return subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "--quiet", "compile", "--no-populate-cache"),
            *("--project-dir", PROJECT, "--profiles-dir", PROJECT / "profiles"),
            *("--target-path", folder / "target", "--log-path", folder / "logs"),
            *("--inline", f"select {{{{ {macro} }}}} as setting"),
        ],
        env=environment(**{f"SUPPORT_KPIS_{setting}": value, "SUPPORT_KPIS_WAREHOUSE_DIR": str(folder)}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        # DuckDB would make nothing of the first, and the marts would speak for the latest row; it takes the
        # second for 7 days.
        ("AS_OF", "2025-02-29"),
        ("FCR_WINDOW_DAYS", "7.5"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(folder: Path, setting: str, value: str) -> None:
    outcome = compiled(folder, setting, value)
    assert outcome.returncode != 0
    assert f"SUPPORT_KPIS_{setting}" in outcome.stdout
    assert value in outcome.stdout


def test_the_29th_of_february_of_a_leap_year_is_a_day(folder: Path) -> None:
    outcome = compiled(folder, "AS_OF", "2024-02-29T23:59:59+02:00")
    assert outcome.returncode == 0, outcome.stdout
    assert "2024-02-29" in outcome.stdout
