"""A PostgreSQL server of one's own: made in a folder, on loopback, thrown away afterwards.

`python tests/engines/postgres_server.py COMMAND ...` runs a command with the environment that leads the
project to such a server, for example `... -- dbt build --target postgres`. With `--check` it only says
where the server's programs are; exit code 2 if they are not here.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER = "support_kpis"
DATABASE = "support_kpis"
REMEDY = "install PostgreSQL (apt-get install postgresql on Debian), or leave the tests of the engines out"


class NoServerError(Exception):
    """No server can be started here; the sentence says why and what to do."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server.

    Args:
        port: on 127.0.0.1.
        user: a role that may create schemas in the database, and is no superuser.
        password: of that role.
        database: made for the project.
        programs: the folder of the server's programs.
    """

    port: int
    user: str
    password: str
    database: str
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that profiles/profiles.yml reads."""
        return {
            "SUPPORT_KPIS_POSTGRES_HOST": "127.0.0.1",
            "SUPPORT_KPIS_POSTGRES_PORT": str(self.port),
            "SUPPORT_KPIS_POSTGRES_USER": self.user,
            "SUPPORT_KPIS_POSTGRES_PASSWORD": self.password,
            "SUPPORT_KPIS_POSTGRES_DATABASE": self.database,
        }

    def psql(self, statement: str, user: str | None = None, password: str | None = None) -> str:
        """What a statement gives, as psql prints it without decoration.

        Args:
            statement: SQL.
            user: another role than the owner.
            password: of that role.
        """
        result = subprocess.run(
            [str(self.programs / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement],
            env={
                **os.environ,
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "PGUSER": user or self.user,
                "PGPASSWORD": password or self.password,
                "PGDATABASE": self.database,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise RuntimeError(result.stderr.strip())
        return result.stdout.strip()


def programs() -> Path:
    """The folder of the server's programs, the newest release if there are several.

    Raises:
        NoServerError: PostgreSQL is not installed.
    """
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if not found:
        raise NoServerError(f"PostgreSQL's server programs (initdb, pg_ctl) are not here: {REMEDY}.")
    return found[0].parent


@contextmanager
def postgres_server(locale: str = "C.UTF-8") -> Iterator[PostgresServer]:
    """Start a server, and stop and remove it at the end.

    Args:
        locale: of the database; it decides how text is ordered.

    Raises:
        NoServerError: it is not installed, or does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="support-kpis-postgres-"))
    account = _account()
    try:
        if account:
            shutil.chown(folder, account)
        folder.chmod(0o700)
        admin = secrets.token_hex(16)
        password_file = folder / "password"
        password_file.write_text(admin)
        if account:
            shutil.chown(password_file, account)
        here, port = programs(), _free_port()
        data = folder / "data"
        _call(
            account,
            str(here / "initdb"),
            *("--pgdata", str(data), "--username", "admin", "--pwfile", str(password_file)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale, "--no-sync"),
        )
        # Nothing here outlives the tests, so nothing need reach the disk.
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB "
            "-c work_mem=64MB -c max_wal_size=2GB"
        )
        control = [str(here / "pg_ctl"), "--pgdata", str(data)]
        _call(account, *control, "--wait", "--log", str(folder / "server.log"), "--options", options, "start")
        try:
            server = PostgresServer(port, OWNER, secrets.token_hex(16), DATABASE, here)
            as_admin = {"user": "admin", "password": admin}
            maintenance = PostgresServer(port, "admin", admin, "postgres", here)
            maintenance.psql(f"create role {OWNER} login createrole password '{server.password}'", **as_admin)
            maintenance.psql(f"create database {DATABASE} owner {OWNER}", **as_admin)
            yield server
        finally:
            _call(account, *control, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """The account to run the server as, None for this one: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NoServerError("PostgreSQL refuses to run as root, and there is no account to run it as: make one.")


def _call(account: str | None, *command: str) -> None:
    result = subprocess.run(
        command,
        user=account,
        group=pwd.getpwnam(account).pw_gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode:
        raise NoServerError(f"{Path(command[0]).name} failed: {result.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_with(environment: Mapping[str, str], command: list[str]) -> int:
    """Run a command with more variables in its environment, and give its exit code."""
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["--check"]:
            print(f"PostgreSQL's server programs are in {programs()}.")
            sys.exit(0)
        with postgres_server() as running:
            words = [word for word in sys.argv[1:] if word != "--"]
            code = run_with(running.environment, words or ["bash"])
    except NoServerError as error:
        print(error, file=sys.stderr)
        code = 2
    sys.exit(code)
