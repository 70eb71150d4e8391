"""What the command says while it works: a live line on a terminal, plain lines without one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text


class Reporter:
    """Tells stages and notes on standard error, so that standard output holds results only.

    Args:
        console: where to speak; standard error by default.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or _console(stderr=True)
        self._status: Status | None = None
        self._stage = ""
        self._begun = 0.0
        self._told = 0.0

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(ok=error is None)

    def stage(self, words: str) -> None:
        """Begin a stage; the one before it has ended well."""
        self.end(ok=True)
        self._stage, self._begun, self._told = words, time.monotonic(), time.monotonic()
        if self.console.is_terminal:
            self._status = self.console.status(Text(words))
            self._status.start()
        else:
            self.console.print(f"{words} ...")

    def progress(self, done: int, total: int, detail: str) -> None:
        """Tell how far the stage is.

        Args:
            done: steps done.
            total: steps in all, 0 if not known.
            detail: the step at hand.
        """
        count = f"{done}/{total}" if total else f"{done}"
        if self._status is not None:
            self._status.update(Text(f"{self._stage}: {count} {detail}"[: self.console.width - 4]))
        elif time.monotonic() - self._told > 15:
            self._told = time.monotonic()
            self.console.print(f"  {count} done")

    def note(self, words: str) -> None:
        """Say one thing, whatever the stage."""
        self.console.print(words)

    def end(self, *, ok: bool) -> None:
        """End the stage at hand, if there is one."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        if self._stage:
            seconds = time.monotonic() - self._begun
            mark = "done" if ok else "stopped"
            self.console.print(f"{self._stage}: {mark} after {seconds:.1f} s")
            self._stage = ""


def table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()
) -> Table:
    """A table for the terminal.

    Args:
        title: above it; empty for none.
        columns: the headings.
        rows: the cells; None is shown empty.
        right: positions of columns aligned to the right.
    """
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for position, name in enumerate(columns):
        last = position == len(columns) - 1
        made.add_column(
            name,
            justify="right" if position in right else "left",
            overflow="fold" if last else "ellipsis",
            no_wrap=not last,
        )
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def output() -> Console:
    """Standard output, for results."""
    console = _console()
    # A file or a pipe has no width; a table would be squeezed to 80 columns.
    return console if console.is_terminal else _console(width=160)


def _console(**where: Any) -> Console:
    """A console that shows words as they are: a team or folder may be called "Billing [EU]" or ":on:"."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, **where)
