"""Other tools' drivers, called in the environment that make test-engines lays beside .venv."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parents[1] / ".venv-clients" / "bin" / "python"
JDBC_JAR = Path("/usr/share/java/postgresql.jar")
ODBC_DRIVERS = Path("/etc/odbcinst.ini")


def ask(*arguments: str | Path) -> dict[str, Any]:
    """What client.py answers: rows, or refused with the driver's words."""
    if not PYTHON.exists():
        pytest.skip("the clients are not installed: make test-engines lays them into .venv-clients")
    done = subprocess.run(
        [str(PYTHON), str(HERE / "client.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def need_odbc() -> None:
    """Skip, with a word, where PostgreSQL's ODBC driver is not installed."""
    if not (ODBC_DRIVERS.is_file() and "PostgreSQL Unicode" in ODBC_DRIVERS.read_text()):
        pytest.skip("PostgreSQL's ODBC driver is not installed: apt-get install unixodbc odbc-postgresql")


def need_jdbc() -> None:
    """Skip, with a word, where PostgreSQL's JDBC driver is not installed."""
    if not JDBC_JAR.exists():
        pytest.skip("PostgreSQL's JDBC driver is not installed: apt-get install libpostgresql-jdbc-java")
