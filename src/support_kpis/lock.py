"""One refresh at a time: the lock of a warehouse, which the operating system frees when its holder ends."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from filelock import FileLock, Timeout

from support_kpis.errors import LockHeld
from support_kpis.layout import Warehouse
from support_kpis.runs import now


@contextmanager
def warehouse_lock(warehouse: Warehouse, doing: str) -> Iterator[None]:
    """Hold the lock of a warehouse.

    Args:
        warehouse: whose lock.
        doing: what it is held for, told to whoever meets it.

    Raises:
        LockHeld: another process has it; the message says which and since when.
    """
    warehouse.build_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warehouse.lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockHeld(_held_by(warehouse)) from None
    try:
        note = {"pid": os.getpid(), "since": now().isoformat() + "Z", "doing": doing}
        warehouse.lock_holder.write_text(json.dumps(note) + "\n", encoding="utf-8")
        yield
    finally:
        warehouse.lock_holder.unlink(missing_ok=True)
        lock.release()


def holder(warehouse: Warehouse) -> dict[str, Any] | None:
    """Who holds the lock now, None if nobody does; changes nothing.

    The note of a holder that was killed stays, and its process number may belong to another one by now: it
    counts only while the lock is held.
    """
    note = _note(warehouse)
    return note if "pid" in note and _is_held(warehouse, note) else None


def _is_held(warehouse: Warehouse, note: Mapping[str, Any]) -> bool:
    """Whether the lock can not be had; it is asked for no longer than that takes, beside other readers."""
    try:
        with warehouse.lock_file.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    except OSError:  # not to be read by this user, or a file system without such locks
        return _is_alive(note["pid"])
    return False


def _is_alive(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except PermissionError:
        return True
    except (ValueError, OSError, OverflowError):
        return False
    return True


def _note(warehouse: Warehouse) -> dict[str, Any]:
    try:
        note = json.loads(warehouse.lock_holder.read_text(encoding="utf-8"))
        return note if isinstance(note, dict) else {}
    except (OSError, ValueError):
        return {}


def _held_by(warehouse: Warehouse) -> str:
    note = _note(warehouse)
    who = (
        f"process {note['pid']} since {note['since']}"
        if "pid" in note and "since" in note
        else "another process"
    )
    doing = note.get("doing", "refresh")
    return (
        f"A {doing} of {warehouse.root} is running already ({who}): wait for it to end and run this "
        "again. Nothing was changed."
    )
