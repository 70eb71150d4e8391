"""End dbt's queries where a signal to stop was not enough."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# How long dbt is left to stop by itself, and how often its queries are cancelled from then on.
_GRACE_SECONDS = 3.0
_AGAIN_SECONDS = 0.5
_LOOK_SECONDS = 0.2


@contextmanager
def cancelling(is_stopped: Callable[[], bool], cancel: Callable[[], None]) -> Iterator[None]:
    """Cancel whatever dbt has the engine do, again and again, once a signal to stop has come.

    dbt stops at KeyboardInterrupt and cancels each open query once. Two things make it go on to the end of
    the build all the same: a query that begins a moment after, and code it calls that swallows the exception
    (the reader of its saved manifest does). With every query cancelled, the build ends soon in either case.

    Args:
        is_stopped: whether a signal has come.
        cancel: ends the queries that run now.
    """
    ended = threading.Event()
    arguments = (is_stopped, cancel, ended)
    thread = threading.Thread(target=_watch, args=arguments, name="cancelling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_GRACE_SECONDS)


def _watch(is_stopped: Callable[[], bool], cancel: Callable[[], None], ended: threading.Event) -> None:
    while not is_stopped():
        if ended.wait(_LOOK_SECONDS):
            return
    pause = _GRACE_SECONDS
    while not ended.wait(pause):
        # What was closed between the look and the call, or a server that is gone, is nothing to tell of.
        with suppress(Exception):
            cancel()
        pause = _AGAIN_SECONDS
