"""Superset as a process of this machine: its folder, its port, who serves, and how it ends."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support_kpis.errors import LockHeld, SupportKpisError, WrongUse
from support_kpis.layout import Warehouse

HOST = "127.0.0.1"
FIRST_PAGE = "/superset/dashboard/overview/"
_SECONDS_TO_STOP = 20


class DashboardFailed(SupportKpisError):
    """Superset could not be set up or started."""


@dataclass(frozen=True)
class Home:
    """Where Superset keeps what is its own.

    Args:
        root: the folder, readable by its owner alone.
    """

    root: Path

    @property
    def sign_in(self) -> Path:
        """Account, password and secret key, made at the first start."""
        return self.root / "sign-in.json"

    @property
    def imported(self) -> Path:
        """Says which assets were imported last; written when they all were."""
        return self.root / "imported"

    @property
    def process(self) -> Path:
        """The id of the process that serves, while it does."""
        return self.root / "serving.pid"

    @property
    def log(self) -> Path:
        """What Superset said."""
        return self.root / "superset.log"


def home_of(warehouse: Warehouse) -> Home:
    """Where the dashboards of a warehouse live."""
    return Home(warehouse.root / "dashboard")


def check_port(port: int) -> None:
    """See that a port is free.

    Raises:
        WrongUse: another program listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise WrongUse(
                f"Port {port} of this machine cannot be used ({error.strerror}): choose another, for example "
                f"make dashboard PORT={port + 1 if port < 65535 else 8088}."
            ) from None


def serving_process(home: Home) -> int | None:
    """The id of the process that serves, None if none does."""
    try:
        pid = int(home.process.read_text(encoding="utf-8"))
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and b"gunicorn" not in command.read_bytes():
            return None  # the number of a server that died belongs to another program now
    except (OSError, ValueError):
        return None
    return pid


def stop(home: Home) -> int | None:
    """End the server that runs for a warehouse.

    Returns:
        The id of the process that was ended, None if there was none.

    Raises:
        DashboardFailed: it did not end.
    """
    pid = serving_process(home)
    if pid is None:
        return None
    os.kill(pid, signal.SIGTERM)
    for _ in range(_SECONDS_TO_STOP * 10):
        if serving_process(home) is None:
            home.process.unlink(missing_ok=True)
            return pid
        time.sleep(0.1)
    raise DashboardFailed(
        f"Process {pid} did not end within {_SECONDS_TO_STOP} seconds: end it with kill -9 {pid}."
    )


def end(server: subprocess.Popen[bytes]) -> None:
    """End the server and the processes it started."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


@contextmanager
def alone(warehouse: Warehouse) -> Iterator[None]:
    """Let one process at a time set up; the system frees the lock when its holder ends."""
    with (warehouse.root / ".dashboard.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LockHeld(
                f"Another process sets up the dashboards of {warehouse.root}: wait for it to end and run this again."
            ) from None
        yield


def words_of(port: int, account: Mapping[str, Any], home: Home, show_password: bool) -> list[str]:
    """How to reach the dashboards and sign in, as lines.

    Args:
        port: at which they are served.
        account: user and password.
        home: whose file holds them.
        show_password: whether to say the password itself.
    """
    password = f"password {account['password']}" if show_password else f"the password in {home.sign_in}"
    return [
        f"Dashboards: http://{HOST}:{port}{FIRST_PAGE}",
        f"Sign in as {account['user']} with {password}"
        + (f" (kept in {home.sign_in})." if show_password else "."),
    ]
