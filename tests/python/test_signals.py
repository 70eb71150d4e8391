"""How a process that was told to stop ends."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import signal
import sys

from support_kpis.signals import StopSignals

# Tests that run in the background inherit that it is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
with StopSignals():
    try:
        exec("import os, signal; os.kill(os.getpid(), signal.SIGINT); any(range(1000))")
    except KeyboardInterrupt:
        sys.exit(1)
"""


def test_a_signal_in_the_middle_of_an_import_leaves_the_exit_code_ours(tmp_path: Path) -> None:
    # As a module, because a script that is named on the command line ends by itself.
    (tmp_path / "stopped.py").write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "stopped"], cwd=tmp_path, check=False)
    assert done.returncode == 1
