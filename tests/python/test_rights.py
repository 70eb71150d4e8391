"""Without the rights it needs, every command says which, exits with 2, and does so before any work."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import conftest
import mini as mini_module
from mini import Mini

# Root may read and write anywhere by a capability, which a process can go without.
AS_OWNER = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
    if os.geteuid() == 0
    else ()
)


def _is_bound(folder: Path) -> bool:
    """Whether a folder that may not be written stops what we start here."""
    if AS_OWNER and shutil.which("setpriv") is None:
        return False
    folder.chmod(0o500)
    done = subprocess.run([*AS_OWNER, "touch", folder / "file"], check=False, capture_output=True)
    return done.returncode != 0 and b"ermission denied" in done.stderr


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small warehouse with two published builds; look, do not touch."""
    if not _is_bound(tmp_path_factory.mktemp("bound")):
        pytest.skip("rights bind nobody here: root without setpriv, or a file system without rights")
    mini = mini_module.make(tmp_path_factory.mktemp("mini"))
    for _ in range(2):
        outcome = mini.refresh()
        assert outcome.code == 0, outcome.err
    return mini


@pytest.fixture
def mini(first: Mini, tmp_path: Path) -> Iterator[Mini]:
    """A copy of it that a test may change; its rights are given back, so that it can be removed."""
    shutil.copytree(first.root, tmp_path / "mini")
    moved = Mini(tmp_path / "mini")
    yield moved
    for folder in (moved.warehouse, *moved.warehouse.iterdir()):
        folder.chmod(0o700)


def bound(mini: Mini, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that rights bind."""
    return subprocess.run(
        [*AS_OWNER, sys.executable, "-m", "support_kpis", *arguments],
        cwd=conftest.PROJECT,
        env=conftest.environment(**mini.variables()),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(mini: Mini, *arguments: str) -> str:
    """Run a command that has to be refused; the sentence it says."""
    done = bound(mini, *arguments)
    assert done.returncode == 2, done.stderr
    assert not [word for word in ("Traceback", "unexpectedly", "Building") if word in done.stderr]
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("name", ["published", "build", "logs"])
def test_a_refresh_looks_at_its_folders_before_it_builds(mini: Mini, name: str) -> None:
    folder = mini.warehouse / name
    folder.chmod(0o500)
    if name == "build":
        assert "give this user the right" in refused(mini, *mini.arguments())
        return
    words = refused(mini, *mini.arguments())
    assert words.startswith(f"{folder} cannot be written (Permission denied): give this user the right")
    assert words in mini.run_log.read_text()
    examined = bound(mini, "doctor", "--raw-dir", str(mini.raw), "--warehouse-dir", str(mini.warehouse))
    assert examined.returncode == 2
    assert f"{folder} cannot be written" in examined.stdout


@pytest.mark.parametrize("name", ["published", "build"])
def test_a_rollback_that_may_not_write_says_so(mini: Mini, name: str) -> None:
    (mini.warehouse / name).chmod(0o500)
    if name == "build":
        for path in (mini.warehouse / "build").glob("refresh.lock*"):
            path.unlink()
    words = refused(mini, "rollback", "--warehouse-dir", str(mini.warehouse))
    assert "(Permission denied): give this user the right to read and write the warehouse folder" in words


@pytest.mark.parametrize("command", ["status", "kpis", "rollback", "report"])
def test_who_may_not_read_the_private_folder_is_told(mini: Mini, command: str) -> None:
    (mini.warehouse / "build").chmod(0o000)
    words = refused(mini, command, "--warehouse-dir", str(mini.warehouse))
    assert words.startswith(f"The run log {mini.run_log} cannot be read (Permission denied): give this user")
