"""Which file or folder of a raw folder holds which raw table, and what lies beside them unread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from support_kpis.contract import RawTable
from support_kpis.errors import WrongUse

_ENDINGS = (".csv", ".parquet", "")
_NAMES_SHOWN = 10


def find_files(raw_dir: Path, contract: Mapping[str, RawTable]) -> dict[str, Path]:
    """Which file or folder holds which raw table.

    Args:
        raw_dir: the folder given as --raw-dir.
        contract: the raw tables by name.

    Raises:
        WrongUse: the folder is not there, a table is there twice, or a required one is missing.
    """
    try:
        names = _names_in(raw_dir)
        files = {name: path for name in contract if (path := _file_of(raw_dir, name)) is not None}
    except PermissionError:
        raise WrongUse(
            f"The raw folder {raw_dir} may not be read: give this user the right to read and to enter it."
        ) from None
    missing = [table.name for table in contract.values() if table.required and table.name not in files]
    if missing:
        raise WrongUse(_missing(raw_dir, missing, names))
    return files


def unread_note(raw_dir: Path, tables: Iterable[str]) -> str | None:
    """What lies in a raw folder under a name near to that of a raw table, and is not read.

    Args:
        raw_dir: a raw folder that was found to be good.
        tables: the names of the raw tables.

    Returns:
        A sentence, or None if there is nothing of the kind.
    """
    tables = tuple(tables)
    read = {table + ending for table in tables for ending in _ENDINGS}
    try:
        unread = sorted(
            path.name
            for path in raw_dir.iterdir()
            if path.name.lower().startswith(tables)
            and not (path.name in read and _is_there(path, path.suffix))
        )
    except OSError:
        return None
    if not unread:
        return None
    shown = ", ".join(unread[:_NAMES_SHOWN])
    more = f" and {len(unread) - _NAMES_SHOWN} more" if len(unread) > _NAMES_SHOWN else ""
    table = next(table for table in tables if unread[0].lower().startswith(table))
    return (
        f"Not read from {raw_dir}: {shown}{more}. A raw table is read from a file of its very name, such as "
        f"{table}.csv or {table}.parquet, or from a folder {table} of Parquet files."
    )


def _names_in(raw_dir: Path) -> list[str]:
    if not raw_dir.exists():
        raise WrongUse(f"The raw folder {raw_dir} does not exist: check --raw-dir (or SUPPORT_KPIS_RAW_DIR).")
    if not raw_dir.is_dir():
        raise WrongUse(
            f"{raw_dir} is a file: give --raw-dir the folder that holds the raw files, here {raw_dir.parent}."
        )
    if re.search(r"[*?\[\]]", str(raw_dir)):
        raise WrongUse(f"The path {raw_dir} holds one of * ? [ ]: rename the folder to a plain name.")
    return sorted(entry.name for entry in raw_dir.iterdir())


def _file_of(raw_dir: Path, table: str) -> Path | None:
    found = [
        raw_dir / f"{table}{ending}" for ending in _ENDINGS if _is_there(raw_dir / f"{table}{ending}", ending)
    ]
    if len(found) > 1:
        both = " and ".join(path.name + ("/" if path.is_dir() else "") for path in found)
        raise WrongUse(f"{raw_dir} holds both {both}: keep the one that is to be read.")
    return found[0] if found else None


def _is_there(path: Path, ending: str) -> bool:
    return path.is_file() if ending else path.is_dir()


def _missing(raw_dir: Path, missing: list[str], names: list[str]) -> str:
    for table in missing:
        for name in names:
            if name.lower() in (f"{table}.csv", f"{table}.parquet"):
                return _not_usable(raw_dir / name, table)
    similar = [name for name in names if name.lower().startswith(tuple(f"{table}." for table in missing))]
    tables = ", ".join(missing)
    if similar:
        return (
            f"{raw_dir} holds {', '.join(similar)}, which is neither CSV nor Parquet by its name, but no "
            f"{tables}: export it as {missing[0]}.csv or {missing[0]}.parquet."
        )
    return (
        f"{raw_dir} holds no {tables}: put {missing[0]}.csv or {missing[0]}.parquet there (with its "
        "header only if there are no rows), or check --raw-dir."
    )


def _not_usable(path: Path, table: str) -> str:
    """Why an entry with the right name, if for its case, is not the file of its table."""
    if path.is_symlink() and not path.exists():
        return f"{path} is a link to a file that is not there: mend the link, or put the file itself there."
    if path.is_dir():
        return (
            f"{path} is a folder: put the file {path.name.lower()} in its place, or name the folder {table} "
            "if it holds Parquet files."
        )
    if path.is_file():
        return f"{path} is not read because of its name: write it in lower case, {path.name.lower()}."
    return f"{path} is neither a file nor a folder: put the file {path.name} in its place."
