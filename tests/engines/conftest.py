"""What the tests of the engines share: a server of their own, and warehouses built on each engine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))

from postgres_server import NoServerError, PostgresServer, postgres_server  # noqa: E402


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one object on standard output."""
        return json.loads(self.out)


def run(*arguments: str | Path, **variables: str) -> Outcome:
    """Run the command to its end, with none of our settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "PG"))}
    done = subprocess.run(
        [sys.executable, "-m", "support_kpis", *map(str, arguments)],
        cwd=PROJECT,
        env={**kept, "PYTHONWARNINGS": "ignore", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server; where it cannot be started the tests fail and say why."""
    try:
        with postgres_server() as started:
            yield started
    except NoServerError as error:
        pytest.fail(str(error), pytrace=False)
