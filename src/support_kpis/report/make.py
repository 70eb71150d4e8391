"""Make the page: read, arrange, fill the template, and put the file in its place in one step."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from support_kpis.engine_words import without_values
from support_kpis.errors import WrongUse, disk_full, is_disk_full
from support_kpis.kpis import PERIODS
from support_kpis.layout import Warehouse
from support_kpis.report import words
from support_kpis.report.read import Contents, read_contents
from support_kpis.report.view import ALERTS_SHOWN, arrange

DEFAULT_PERIOD = "week"


def make_report(
    warehouse: Warehouse, out: Path, period: str = DEFAULT_PERIOD, target: str = "dev"
) -> Contents:
    """Write the report of what is published.

    Args:
        warehouse: where it is published.
        out: the file to write; it is replaced in one step.
        period: day, week, month, quarter or year.
        target: the dbt target whose marts are published.

    Returns:
        What the page shows.

    Raises:
        WrongUse: nothing is published, it cannot be read, or the file cannot be written.
    """
    if period not in PERIODS:
        raise WrongUse(f"--period '{period}' is not known: use one of {', '.join(PERIODS)}.")
    contents = read_contents(warehouse, period, target)
    _check_place(out)
    _replace(out, render_report(contents))
    return contents


def page_of(warehouse: Warehouse, target: str) -> str | None:
    """Put the report into the warehouse folder after something was published, come what may.

    Args:
        warehouse: whose marts were published.
        target: the dbt target that they were built on.

    Returns:
        Nothing if it is there, else a warning: the marts are published all the same.
    """
    try:
        make_report(warehouse, warehouse.report, target=target)
    except Exception as error:  # a page is no reason to call a published build failed, whatever broke it
        words = without_values(error)[:300] or type(error).__name__
        older = " The page there is still that of an earlier build." if warehouse.report.is_file() else ""
        return (
            f"Warning: the marts are published, but {warehouse.report} could not be made: {words}{older} "
            "support-kpis report --debug tries again."
        )
    return None


def render_report(contents: Contents) -> str:
    """The page as HTML, the same text for the same contents.

    Args:
        contents: as read from the marts.
    """
    template = _environment().get_template("report.html.j2")
    return template.render(contents=contents, view=arrange(contents), words=words, alerts_shown=ALERTS_SHOWN)


@cache
def _environment() -> Environment:
    # Names and messages come from the input: whatever they hold is text, never markup.
    environment = Environment(
        loader=PackageLoader("support_kpis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "figure": words.figure,
        "difference": words.difference,
        "number": lambda value: words.NOTHING if value is None else f"{value:,}",
    }
    environment.filters.update(filters)
    return environment


def _check_place(out: Path) -> None:
    if out.is_dir():
        raise WrongUse(f"{out} is a folder: name the file to write with --out, like {out / 'report.html'}.")
    if not out.parent.is_dir():
        raise WrongUse(f"The folder {out.parent} does not exist: make it, or name another place with --out.")
    if not os.access(out.parent, os.W_OK):
        raise WrongUse(f"This user may not write into {out.parent}: name another place with --out.")


def _replace(out: Path, text: str) -> None:
    """Put the page in its place whole: whoever opens it sees the old one or the new one."""
    unfinished = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        if is_disk_full(error):
            raise disk_full(str(out.parent)) from None
        raise WrongUse(
            f"{out} cannot be written ({error.strerror or error}): name another place with --out."
        ) from None
