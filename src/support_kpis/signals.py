"""SIGINT, SIGTERM and SIGHUP end a refresh in good order."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """A signal to stop came.

    KeyboardInterrupt itself, raised while Python runs code out of a text (as dataclasses do on import), makes
    the interpreter end by SIGINT instead of with our exit code, even if it was caught; a class of its own
    does not.
    """


class StopSignals:
    """While entered, the first signal to stop raises Interrupted in the main thread and is remembered.

    Further ones are let pass: they would only break off what ends the work in good order.

    Args:
        to_the_end: whether the process ends with what was entered; then no signal is heard any more after it.
    """

    def __init__(self, *, to_the_end: bool = False) -> None:
        self.to_the_end = to_the_end
        self.received = ""
        self._deferred = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopSignals:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.getsignal(number) for number in _SIGNALS}
            self.listen()
        return self

    def listen(self) -> None:
        """Take the signals, and take them back from a library that took one since (PySpark takes SIGINT)."""
        for number, handler in self._before.items():
            # What was to be let pass when we began (SIGHUP by nohup) is let pass on.
            signal.signal(number, handler if handler is signal.SIG_IGN else self._hear)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.to_the_end:
            let_pass()
            return
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise Interrupted if a signal came while something swallowed it."""
        if self.received:
            raise Interrupted

    def defer(self) -> None:
        """From now on remember signals, but go on."""
        self.check()
        self.settle()

    def settle(self) -> None:
        """The outcome is known: from now on no signal changes it."""
        self._deferred = True

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._deferred or self.received:
            return
        self.received = signal.Signals(number).name
        raise Interrupted


def let_pass() -> None:
    """Ignore signals to stop from now on, where the exit code is known and the process is about to end.

    A handler of ours would not do: Python gives the signals back to the system before it has ended.
    """
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
