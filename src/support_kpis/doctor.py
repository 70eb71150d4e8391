"""Can this machine, profile and input work? One line a question, with what to do where the answer is no."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from support_kpis.contract import load_contract
from support_kpis.engines import engine_for
from support_kpis.engines.postgres_server import address, check_rights, connect
from support_kpis.engines.spark_session import check_machine, check_tables_dir, tables_dir
from support_kpis.errors import SupportKpisError, WrongUse
from support_kpis.land import check_raw_dir
from support_kpis.layout import Warehouse, try_writing
from support_kpis.lock import holder
from support_kpis.raw_folder import unread_note
from support_kpis.settings import Settings, check_target, resolve_settings
from support_kpis.variables import unknown_note

_NEEDED = {
    "dbt-core": "1.11",
    "dbt-duckdb": "1.11",
    "duckdb": "1.5",
    "great-expectations": "1",
    "duckdb-engine": "0.17",
    "sqlalchemy": "2.0",
    "vl-convert-python": "1.9",
}
_FREE_BYTES_WANTED = 1 << 30


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Args:
        topic: what was looked at.
        ok: whether it can work.
        words: what was found, and where it cannot work what to do.
    """

    topic: str
    ok: bool
    words: str


def examine(
    warehouse: Warehouse, project_dir: Path, target: str | None, raw_dir: Path | None
) -> list[Finding]:
    """Look at everything that a refresh needs.

    Args:
        warehouse: the warehouse to be written.
        project_dir: the dbt project.
        target: the target asked for, None for the configured one.
        raw_dir: the raw folder asked for, None for the configured one.
    """
    findings = [_python(), *_packages()]
    settings: Settings | None = None
    try:
        settings = resolve_settings(
            warehouse=warehouse, project_dir=project_dir, target=target, raw_dir=raw_dir
        )
        words = f"target {settings.target}, {settings.source}"
        unknown = unknown_note()
        findings.append(Finding("settings", True, f"{words}. {unknown}" if unknown else words))
    except SupportKpisError as error:
        findings.append(Finding("settings", False, str(error)))
    findings += [
        _ask("profile", lambda: _profile(project_dir, settings.target if settings else "dev")),
        _ask("contract", lambda: f"{len(load_contract(project_dir))} raw tables in {project_dir}"),
        _ask("warehouse", lambda: _writable(warehouse)),
        _ask("disk", lambda: _room(warehouse)),
        _ask("lock", lambda: _free_lock(warehouse)),
    ]
    if settings is not None:
        findings.append(_ask("raw input", lambda: _input(settings)))
        if settings.target == "postgres":
            findings.append(_ask("server", _server))
        if settings.target in ("spark", "spark_cluster"):
            findings.append(_ask("spark", lambda: _spark(settings, warehouse)))
    if all(finding.ok for finding in findings if finding.topic in ("settings", "server", "spark")):
        findings.append(
            _ask("published", lambda: _published(warehouse, settings.target if settings else "dev"))
        )
    return findings


def _ask(topic: str, question: Callable[[], str]) -> Finding:
    try:
        return Finding(topic, True, question())
    except SupportKpisError as error:
        return Finding(topic, False, str(error))
    except OSError as error:
        return Finding(topic, False, f"{error.filename or ''}: {error.strerror or error}".strip(": "))


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    ok = sys.version_info >= (3, 11)
    return Finding(
        "python", ok, version if ok else f"{version}: Python 3.11 or later is needed, make setup with it."
    )


def _packages() -> Iterator[Finding]:
    for name, wanted in _NEEDED.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, False, "not installed: run make setup.")
            continue
        ok = version == wanted or version.startswith(f"{wanted}.")
        yield Finding(name, ok, version if ok else f"{version}, but {wanted} is needed: run make setup.")


def _profile(project_dir: Path, target: str) -> str:
    path = project_dir / "profiles" / "profiles.yml"
    try:
        outputs = yaml.safe_load(path.read_text(encoding="utf-8"))["support_kpis"]["outputs"]
        kind = outputs[check_target(target)]["type"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise WrongUse(
            f"{path} does not describe target {target} ({error!r}): restore it from the checkout."
        ) from None
    return f"{target} is {kind}, from {path}"


def _writable(warehouse: Warehouse) -> str:
    folder = _existing(warehouse.root)
    if not folder.is_dir():
        raise WrongUse(f"{folder} is no folder: choose another one with --warehouse-dir.")
    inside = [part for part in (*warehouse.written_dirs, warehouse.published_dir) if part.is_dir()]
    for part in (folder, *inside):
        try:
            try_writing(part)
        except OSError as error:
            raise WrongUse(
                f"{part} cannot be written ({error.strerror}): give this user the right, or choose another "
                "folder with --warehouse-dir."
            ) from None
    return f"{warehouse.root} can be written" + ("" if warehouse.root.exists() else " (it will be made)")


def _room(warehouse: Warehouse) -> str:
    folder = _existing(warehouse.root)
    free = shutil.disk_usage(folder).free
    words = f"{free / (1 << 30):.1f} GiB free at {folder}"
    if free < _FREE_BYTES_WANTED:
        raise WrongUse(f"{words}: a build wants at least {_FREE_BYTES_WANTED >> 30} GiB, free some space.")
    return words


def _existing(folder: Path) -> Path:
    while not os.path.lexists(folder):
        folder = folder.parent
    return folder


def _free_lock(warehouse: Warehouse) -> str:
    held = holder(warehouse)
    if held is not None:
        raise WrongUse(
            f"A {held.get('doing', 'refresh')} runs in process {held.get('pid')} since "
            f"{held.get('since')}: wait for it."
        )
    return "no refresh is running"


def _input(settings: Settings) -> str:
    if settings.raw_dir is not None:
        contract = load_contract(settings.project_dir)
        found = check_raw_dir(settings.raw_dir, contract)
        words = f"{len(found.files)} tables with {sum(found.rows.values()):,} rows in {settings.raw_dir}"
        unread = unread_note(settings.raw_dir, contract)
        return f"{words}. {unread}" if unread else words
    if settings.raw_schema is not None:
        return f"schema {settings.raw_schema}, which is checked when a refresh begins"
    seeds = sorted((settings.project_dir / "seeds" / "sample").glob("raw_*.csv"))
    if not seeds:
        raise WrongUse(
            f"No sample is in {settings.project_dir / 'seeds' / 'sample'}: give --raw-dir a folder."
        )
    return f"the sample seeds, {len(seeds)} tables"


def _server() -> str:
    connection = connect()
    try:
        check_rights(connection)
    finally:
        connection.close()
    return f"{address()} answers, and user {address().user} may make schemas"


def _spark(settings: Settings, warehouse: Warehouse) -> str:
    found = check_machine(settings.target)
    check_tables_dir(warehouse)
    return f"{found}, tables in {tables_dir(warehouse)}"


def _published(warehouse: Warehouse, target: str) -> str:
    engine = engine_for(target, warehouse)
    run_id = engine.published_run_id()
    if run_id is None and engine.is_published():
        raise WrongUse(
            f"{engine.where} does not say what is published: run support-kpis refresh to write it anew."
        )
    return f"the build of run {run_id}" if run_id else "nothing yet: support-kpis refresh will publish"
