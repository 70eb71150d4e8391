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
    """While entered, a signal to stop raises Interrupted in the main thread and is remembered."""

    def __init__(self) -> None:
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
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise Interrupted if a signal came while something swallowed it."""
        if self.received:
            raise Interrupted

    def defer(self) -> None:
        """From now on remember signals, but go on."""
        self.check()
        self._deferred = True

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._deferred:
            return
        self.received = signal.Signals(number).name
        raise Interrupted
