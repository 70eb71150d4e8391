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
    """Run the command to its end, half an hour at most, with none of our settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "PG"))}
    done = subprocess.run(
        [sys.executable, "-m", "support_kpis", *map(str, arguments)],
        cwd=PROJECT,
        env={**kept, "PYTHONWARNINGS": "ignore", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
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


@dataclass(frozen=True)
class OnDuckDb:
    """A refresh on DuckDB, which the other engines are held against.

    Args:
        refreshed: what it came to.
        warehouse: its folder.
    """

    refreshed: Outcome
    warehouse: Path

    @property
    def published(self) -> Path:
        """The published file."""
        return self.warehouse / "published" / "support_kpis.duckdb"

    def ask(self, command: str, *more: str) -> Outcome:
        """Run a command on the warehouse."""
        return run(command, *more, "--warehouse-dir", self.warehouse, "--json")


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small operation with all dirt."""
    folder = tmp_path_factory.mktemp("raw")
    assert run("simulate", "--tickets", "300", "--months", "4", "--out", folder).code == 0
    return folder


@pytest.fixture(scope="session")
def on_duckdb(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> OnDuckDb:
    """The small operation on DuckDB."""
    warehouse = tmp_path_factory.mktemp("duckdb")
    refreshed = run("refresh", "--raw-dir", raw, "--warehouse-dir", warehouse, "--json")
    assert refreshed.code == 0, refreshed.err
    return OnDuckDb(refreshed, warehouse)


@dataclass(frozen=True)
class OnPostgres:
    """A refresh on PostgreSQL, with a role for readers whose name and password are bi.

    Args:
        refreshed: what it came to.
        warehouse: its folder.
    """

    refreshed: Outcome
    warehouse: Path


@pytest.fixture(scope="session")
def on_postgres(server: PostgresServer, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> OnPostgres:
    """The small operation on PostgreSQL."""
    warehouse = tmp_path_factory.mktemp("postgres")
    server.psql("create role bi login password 'bi'")
    refreshed = run(
        *("refresh", "--target", "postgres", "--raw-dir", raw, "--warehouse-dir", warehouse, "--json"),
        **server.environment,
        SUPPORT_KPIS_POSTGRES_READER="bi",
    )
    assert refreshed.code == 0, refreshed.err
    return OnPostgres(refreshed, warehouse)
