"""Who holds the lock of a warehouse: the lock says whether anybody does, the note who it is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support_kpis.errors import LockHeld
from support_kpis.layout import Warehouse
from support_kpis.lock import holder, warehouse_lock

HOLD = """
import sys
from pathlib import Path
from support_kpis.layout import Warehouse
from support_kpis.lock import warehouse_lock
with warehouse_lock(Warehouse(Path(sys.argv[1])), "rollback"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_nobody_holds_the_lock_of_a_new_warehouse(tmp_path: Path) -> None:
    assert holder(Warehouse(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_the_holder_is_named_while_it_holds_the_lock(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    for _ in range(2):  # asking does not take it away
        found = holder(warehouse)
        assert found is not None
        assert (found["pid"], found["doing"]) == (process.pid, "rollback")
    with pytest.raises(LockHeld, match=f"process {process.pid} since"), warehouse_lock(warehouse, "refresh"):
        pass
    process.communicate()
    assert holder(warehouse) is None
    with warehouse_lock(warehouse, "refresh"):
        found = holder(warehouse)
        assert found is not None and found["pid"] == os.getpid()
    assert holder(warehouse) is None


def test_a_note_left_behind_names_nobody_even_if_its_number_is_taken_again(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with warehouse_lock(warehouse, "refresh"):
        pass
    note = {"pid": os.getpid(), "since": "2025-01-01T00:00:00Z", "doing": "refresh"}
    warehouse.lock_holder.write_text(json.dumps(note))
    assert holder(warehouse) is None
    with warehouse_lock(warehouse, "refresh"):
        assert holder(warehouse) is not None
    warehouse.lock_holder.write_text(json.dumps(note))
    warehouse.lock_file.unlink(missing_ok=True)
    assert holder(warehouse) is None
