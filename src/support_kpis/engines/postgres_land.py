"""Bring raw files into PostgreSQL by COPY: every value as text, as the file holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from support_kpis.engines.duckdb_copy import quoted
from support_kpis.engines.raw_texts import LANDED, columns_of, quoted_column, texts_of

# The one character that PostgreSQL cannot hold.
_WITHOUT_NUL = "replace({text}, chr(0), chr(65533))"


def land(connection: Any, files: Mapping[str, Path], work_dir: Path) -> dict[str, int]:
    """Make the schema of landed tables anew.

    Args:
        connection: to the server, each statement for itself.
        files: raw table to the file or folder that holds it.
        work_dir: a folder for one table at a time.

    Returns:
        Raw table to its number of rows.
    """
    rows = {}
    work_dir.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor, duckdb.connect(":memory:") as reader:
        cursor.execute(f"drop schema if exists {LANDED} cascade")
        cursor.execute(f"create schema {LANDED}")
        for table, path in sorted(files.items()):
            names = columns_of(reader, path)
            if not names:
                continue
            spool = work_dir / f"{table}.copy.csv"
            try:
                texts = texts_of(path, names, _WITHOUT_NUL)
                reader.execute(f"copy ({texts}) to {quoted(spool)} (format csv, header false)")
                columns = ", ".join(f"{quoted_column(name)} text" for name in names)
                cursor.execute(f"create table {LANDED}.{table} ({columns})")
                with spool.open("rb") as file:
                    cursor.copy_expert(f"copy {LANDED}.{table} from stdin (format csv)", file)
                rows[table] = int(cursor.rowcount)
                cursor.execute(f"analyze {LANDED}.{table}")
            finally:
                spool.unlink(missing_ok=True)
    return rows
