"""What the tests share: the command in a process of its own, and one built sample that they copy."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

# The same examples in every run: a check that fails now and then teaches nobody.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

PROJECT = Path(__file__).resolve().parents[2]
SHARED_DATA = PROJECT.parent / "shared" / "data"


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one object on standard output."""
        return json.loads(self.out)


Command = Callable[..., Outcome]


def environment(**extra: str) -> dict[str, str]:
    """The environment of a command: none of our settings but those given."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "DBT_"))
    }
    return kept | {"PYTHONPATH": str(PROJECT / "src"), "PYTHONWARNINGS": "ignore"} | extra


def start(*arguments: str | Path, **extra: str) -> subprocess.Popen[str]:
    """Start the command and do not wait; it hears signals even if the tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "support_kpis", *map(str, arguments)],
        cwd=PROJECT,
        env=environment(**extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_signals,
    )


def _hear_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def run(*arguments: str | Path, **extra: str) -> Outcome:
    """Run the command to its end; keyword arguments are environment variables."""
    process = start(*arguments, **extra)
    out, err = process.communicate(timeout=600)
    return Outcome(process.returncode, out, err)


@pytest.fixture(scope="session")
def project_dir() -> Path:
    """The dbt project."""
    return PROJECT


@pytest.fixture(scope="session")
def command() -> Command:
    """The command line, as a user calls it."""
    return run


@dataclass(frozen=True)
class Built:
    """A warehouse that one refresh built."""

    root: Path
    outcome: Outcome

    @property
    def published(self) -> Path:
        """The published file."""
        return self.root / "published" / "support_kpis.duckdb"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample warehouse, built once by whichever process needs it first; look, do not touch.

    SUPPORT_KPIS_BUILT_SAMPLE may name a warehouse that was built just before, to save a developer the wait.
    """
    before = os.environ.get("SUPPORT_KPIS_BUILT_SAMPLE")
    if before:
        return Built(Path(before), Outcome(0, "{}", ""))
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    root, told = base / "sample" / "warehouse", base / "sample" / "outcome.json"
    with FileLock(base / "sample.lock"):
        if told.exists():
            return Built(root, Outcome(**json.loads(told.read_text(encoding="utf-8"))))
        outcome = run("refresh", "--warehouse-dir", root, "--json")
        assert outcome.code == 0, outcome.err
        told.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    return Built(root, outcome)


@pytest.fixture
def sample_copy(sample: Built, tmp_path: Path) -> Built:
    """A copy of the sample warehouse that a test may change."""
    root = tmp_path / "warehouse"
    shutil.copytree(sample.root, root)
    return Built(root, sample.outcome)
