"""A Spark cluster of one's own on loopback: a master and two workers, each a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

WORKERS = 2


class NoClusterError(Exception):
    """No cluster can be started here; the sentence says why and what to do."""


@dataclass(frozen=True)
class SparkCluster:
    """A running cluster.

    Args:
        master: its address, spark://host:port.
        page: the port of the master's page.
        folder: where events are written.
    """

    master: str
    page: int
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the project to it, and have Spark write down what its workers do."""
        return {
            "SUPPORT_KPIS_SPARK_MASTER": self.master,
            "SUPPORT_KPIS_SPARK_MEMORY": "1g",
            "SUPPORT_KPIS_SPARK_PARTITIONS": str(WORKERS),
            "SUPPORT_KPIS_SPARK_TESTS": "dialect",
            "SPARK_CONF_DIR": str(self.folder / "conf"),
        }

    def state(self) -> Any:
        """What the master says of itself."""
        with urlopen(f"http://{self.master[8:].split(':')[0]}:{self.page}/json/", timeout=10) as answer:
            return json.load(answer)

    def state_when_idle(self, seconds: int = 60) -> Any:
        """What the master says once no application holds workers; one that ended lets go a moment later.

        Args:
            seconds: how long to wait at most.
        """
        ends = time.monotonic() + seconds
        state = self.state()
        while state["activeapps"] and time.monotonic() < ends:
            time.sleep(0.5)
            state = self.state()
        return state

    def tasks_by_executor(self) -> dict[str, int]:
        """Executor to the number of tasks that it ended well, from Spark's own event log."""
        counts: dict[str, int] = {}
        for path in (self.folder / "events").rglob("*"):
            if path.is_file():
                for line in path.read_text(encoding="utf-8").splitlines():
                    event = json.loads(line) if line.startswith("{") else {}
                    ended = event.get("Event") == "SparkListenerTaskEnd"
                    if ended and event["Task End Reason"]["Reason"] == "Success":
                        executor = event["Task Info"]["Executor ID"]
                        counts[executor] = counts.get(executor, 0) + 1
        return counts


@contextmanager
def spark_cluster(folder: Path) -> Iterator[SparkCluster]:
    """Start a master and two workers of one core each, and stop them at the end.

    Args:
        folder: an empty folder for logs, events and the workers' files.

    Raises:
        NoClusterError: Java or Spark is not installed, or the workers do not come up.
    """
    if not shutil.which("java"):
        raise NoClusterError(
            "Spark needs Java 17: install it (apt-get install openjdk-17-jre-headless on Debian)."
        )
    try:
        import pyspark
    except ImportError:
        raise NoClusterError("Spark is not installed: run make setup TARGET=spark.") from None
    home = Path(pyspark.__file__).parent
    conf, events = folder / "conf", folder / "events"
    conf.mkdir(parents=True)
    events.mkdir()
    (conf / "spark-defaults.conf").write_text(
        f"spark.eventLog.enabled true\nspark.eventLog.dir file://{events}\n"
        "spark.eventLog.compress false\nspark.eventLog.rolling.enabled false\n"
    )
    port, page = _free_port(), _free_port()
    host = "127.0.0.1"
    cluster = SparkCluster(f"spark://{host}:{port}", page, folder)
    with ExitStack() as stack:
        ports = ["--host", host, "--port", str(port), "--webui-port", str(page)]
        _start(stack, home, folder / "master.log", "master.Master", *ports)
        _wait(cluster, 0)
        for number in range(WORKERS):
            words = ["--host", host, "--webui-port", str(_free_port()), "--cores", "1", "--memory", "1500m"]
            work = ["--work-dir", str(folder / f"worker{number}"), cluster.master]
            _start(stack, home, folder / f"worker{number}.log", "worker.Worker", *words, *work)
        _wait(cluster, WORKERS)
        yield cluster


def _start(stack: ExitStack, home: Path, log: Path, name: str, *arguments: str) -> None:
    out = stack.enter_context(log.open("w"))
    process = subprocess.Popen(
        [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments],
        env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
        stdout=out,
        stderr=subprocess.STDOUT,
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)


def _wait(cluster: SparkCluster, workers: int, seconds: int = 120) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if cluster.state().get("aliveworkers", 0) >= workers:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise NoClusterError(f"The cluster did not come up in {seconds} s: see the logs in {cluster.folder}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
