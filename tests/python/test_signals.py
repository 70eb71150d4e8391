"""How a process that was told to stop ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support_kpis.signals import Interrupted, StopSignals

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


def test_signals_are_taken_back_from_a_library_and_given_back_at_the_end() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals() as signals:
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        signals.listen()
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), signal.SIGTERM)
            any(range(1000))
    assert signals.received == "SIGTERM"
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_signal_that_was_to_be_let_pass_is_let_pass() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopSignals() as signals:
            signals.listen()
            os.kill(os.getpid(), signal.SIGHUP)
            any(range(1000))
        assert signals.received == ""
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
