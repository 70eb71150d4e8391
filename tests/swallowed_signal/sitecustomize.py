"""Python begins with this where the folder is on PYTHONPATH: a signal comes and dbt swallows it.

It comes when the first models are about to be built. In life the reader of dbt's manifest swallows it.
"""

import os
import signal

from dbt.task.runnable import GraphRunnableTask

_execute = GraphRunnableTask.execute_nodes

# Tests that run in the background inherit that it is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)


def _execute_after_a_signal(self):
    try:
        os.kill(os.getpid(), signal.Signals[os.environ.get("SWALLOWED_SIGNAL", "SIGTERM")])
        # The handler runs at one of the next steps.
        any(range(1000))
    except KeyboardInterrupt:
        pass
    return _execute(self)


GraphRunnableTask.execute_nodes = _execute_after_a_signal
