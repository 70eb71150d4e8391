"""The run log: an append-only file that tells of every run, also of those that were killed."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from support_kpis.errors import WrongUse

PUBLISHED = "published"
FAILED = "failed"
ROLLED_BACK = "rolled_back"


@dataclass(frozen=True)
class Run:
    """One row of ops_refresh_runs.

    Args:
        run_id: the number of the run in its warehouse, with leading zeros.
        started_at: UTC.
        finished_at: UTC; None if the run was killed and nobody knows when.
        status: published, failed or rolled_back.
        target: the dbt target.
        as_of: the instant that the marts speak for; None if it never came to be known.
        models_count: models and seeds built.
        tests_count: data tests and expectations checked.
        failures_count: those of models, tests and expectations that failed.
        warnings_count: those that warned.
        rows_published: rows of all published tables but this log's.
        message: what happened, in words.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime | None = None
    status: str = FAILED
    target: str = "dev"
    as_of: datetime | None = None
    models_count: int | None = None
    tests_count: int | None = None
    failures_count: int | None = None
    warnings_count: int | None = None
    rows_published: int | None = None
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """The run with instants as ISO text."""
        return {
            name: value.isoformat(timespec="seconds") + "Z" if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class PublishedRun:
    """What the log knows of the last run that published.

    Args:
        run: its row.
        source: what it read.
        settings: the settings that shape its figures.
    """

    run: Run
    source: str
    settings: Mapping[str, str]


def now() -> datetime:
    """The present instant, UTC without a zone, in whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class RunLog:
    """The run log of one warehouse.

    Args:
        path: the file; it and its folder are made on the first write.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, **details: Any) -> Run:
        """Note that a run begins, and give it the next number.

        Args:
            details: what else to note, as JSON can hold it; `target` goes into the row.
        """
        with self._exclusive() as file:
            numbers = [int(event["run_id"]) for event in _events(file) if str(event["run_id"]).isdigit()]
            run = Run(
                run_id=f"{max(numbers, default=0) + 1:06d}",
                started_at=now(),
                target=str(details.get("target", "dev")),
            )
            _append(
                file,
                {"event": "started", "run_id": run.run_id, "at": _text(run.started_at), "pid": os.getpid()}
                | details,
            )
        return run

    def note(self, run_id: str, event: str, **details: Any) -> None:
        """Append one event of a run, on disk when this returns."""
        with self._exclusive() as file:
            _append(file, {"event": event, "run_id": run_id, "at": _text(now())} | details)

    def ready(self, run: Run) -> None:
        """Append the row that a run will have if its build gets published in the next moment."""
        self.note(run.run_id, "publishing", row=_row(run))

    def finish(self, run: Run) -> None:
        """Append the final row of a run."""
        self.note(run.run_id, "finished", row=_row(run))

    def runs(self) -> list[Run]:
        """The rows of all finished runs, in the order of their numbers."""
        finished = {
            event["run_id"]: _run(event["row"]) for event in self._read() if event["event"] == "finished"
        }
        return [finished[run_id] for run_id in sorted(finished)]

    def settle(self, published_run_id: str | None, current_run_id: str) -> list[Run]:
        """Close the runs that were killed before they could: called by the run that now holds the lock.

        Args:
            published_run_id: the run whose build is published now; killed right after, it did publish.
            current_run_id: the run that calls.

        Returns:
            The rows appended.
        """
        started: dict[str, Run] = {}
        ready: dict[str, Run] = {}
        stages: dict[str, str] = {}
        for event in self._read():
            run_id = event["run_id"]
            if event["event"] == "started":
                started[run_id] = Run(
                    run_id, datetime.fromisoformat(event["at"]), target=event.get("target", "dev")
                )
            elif event["event"] == "stage":
                stages[run_id] = event["stage"]
            elif event["event"] == "publishing":
                ready[run_id] = _run(event["row"])
            elif event["event"] == "finished":
                started.pop(run_id, None)
        started.pop(current_run_id, None)
        settled = []
        for run_id, run in sorted(started.items()):
            if run_id in ready and run_id == published_run_id:
                run = ready[run_id]
            else:
                where = f" during '{stages[run_id]}'" if run_id in stages else ""
                run = replace(
                    run, message=f"The run ended without a word{where}: killed, or the machine stopped."
                )
            self.finish(run)
            settled.append(run)
        return settled

    def last_published(self, run_id: str | None) -> PublishedRun | None:
        """What is known of the run whose build is published.

        Args:
            run_id: the run, None if nothing is published.
        """
        begun: dict[str, Any] = {}
        for event in self._read():
            if event["run_id"] == run_id:
                begun = event if event["event"] == "started" else begun
                if event["event"] == "finished" and begun:
                    return PublishedRun(
                        _run(event["row"]), begun.get("source", ""), begun.get("settings", {})
                    )
        return None

    def _read(self) -> list[dict[str, Any]]:
        try:
            with self.path.open("r", encoding="utf-8", errors="replace") as file:
                return list(_events(file))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise WrongUse(
                f"The run log {self.path} cannot be read ({error.strerror or error}): give this user the "
                "right to read it. Without it, support-kpis kpis --target dev shows the published marts."
            ) from None

    @contextmanager
    def _exclusive(self) -> Iterator[IO[str]]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+", encoding="utf-8", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file


def _events(file: IO[str]) -> Iterator[dict[str, Any]]:
    """The events of the log; a line cut off by a kill, or damaged, is skipped."""
    for line in file:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and "run_id" in event and "event" in event:
            yield event


def _append(file: IO[str], event: Mapping[str, Any]) -> None:
    size = file.seek(0, os.SEEK_END)
    cut_off = False
    if size:
        with open(file.fileno(), "rb", closefd=False) as raw:
            raw.seek(size - 1)
            cut_off = raw.read(1) != b"\n"
    file.write(("\n" if cut_off else "") + json.dumps(event, ensure_ascii=False) + "\n")
    file.flush()
    os.fsync(file.fileno())


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")


def _row(run: Run) -> dict[str, Any]:
    return {
        name: _text(value) if isinstance(value, datetime) else value for name, value in asdict(run).items()
    }


def _run(row: Mapping[str, Any]) -> Run:
    known = {field.name for field in fields(Run)}
    values = {name: value for name, value in row.items() if name in known}
    for name in ("started_at", "finished_at", "as_of"):
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    return Run(**values)
