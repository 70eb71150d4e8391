"""One refresh at a time: the lock of a warehouse, which the operating system frees when its holder ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
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
    """Who holds the lock now, None if nobody does; looks without touching the lock."""
    note = _note(warehouse)
    try:
        os.kill(int(note["pid"]), 0)
    except PermissionError:
        return note
    except (KeyError, TypeError, ValueError, OSError):
        return None
    return note


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
