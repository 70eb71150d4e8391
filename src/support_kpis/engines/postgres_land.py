"""Bring raw files into PostgreSQL by COPY: every value as text, as the file holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from support_kpis.contract import RawTable
from support_kpis.engines.duckdb_copy import quoted
from support_kpis.engines.raw_texts import LANDED, columns_of, quoted_column, text_reader, texts_of

# The one character that PostgreSQL cannot hold.
_WITHOUT_NUL = "replace({text}, chr(0), chr(65533))"
# It cuts longer names by itself, and then two may be the same.
_LONGEST_NAME_BYTES = 63


def land(
    connection: Any, files: Mapping[str, Path], work_dir: Path, contract: Mapping[str, RawTable]
) -> dict[str, int]:
    """Make the schema of landed tables anew.

    Args:
        connection: to the server, each statement for itself.
        files: raw table to the file or folder that holds it.
        work_dir: a folder for one table at a time.
        contract: what is read out of each raw table.

    Returns:
        Raw table to its number of rows.
    """
    rows = {}
    work_dir.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor, text_reader() as reader:
        cursor.execute(f"drop schema if exists {LANDED} cascade")
        cursor.execute(f"create schema {LANDED}")
        for table, path in sorted(files.items()):
            columns = columns_of(reader, path)
            if not columns:
                continue
            spool = work_dir / f"{table}.copy.csv"
            try:
                texts = texts_of(path, columns, contract[table], _WITHOUT_NUL)
                reader.execute(f"copy ({texts}) to {quoted(spool)} (format csv, header false)")
                listed = ", ".join(f"{quoted_column(name)} text" for name in names_that_fit(columns))
                cursor.execute(f"create table {LANDED}.{table} ({listed})")
                with spool.open("rb") as file:
                    cursor.copy_expert(f"copy {LANDED}.{table} from stdin (format csv)", file)
                rows[table] = int(cursor.rowcount)
                cursor.execute(f"analyze {LANDED}.{table}")
            finally:
                spool.unlink(missing_ok=True)
    return rows


def names_that_fit(names: Iterable[str]) -> list[str]:
    """Column names as PostgreSQL can hold them: long ones are cut, and numbered where that makes two alike.

    Args:
        names: of the columns of a raw file; those of the contract are short.
    """
    fitting: list[str] = []
    for name in names:
        short, number = _cut(name, ""), 1
        while short in fitting:
            number += 1
            short = _cut(name, f"~{number}")
        fitting.append(short)
    return fitting


def _cut(name: str, end: str) -> str:
    """A name with an end, of no more bytes than a name may have."""
    room = _LONGEST_NAME_BYTES - len(end)
    return name.encode()[:room].decode(errors="ignore") + end
