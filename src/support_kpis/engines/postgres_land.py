"""Bring raw files into PostgreSQL by COPY: every value as text, as the file holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from support_kpis.engines.duckdb_copy import quoted
from support_kpis.land import CSV_OPTIONS

LANDED = "raw_landed"


def land(connection: Any, files: Mapping[str, Path], work_dir: Path) -> dict[str, int]:
    """Make the schema of landed tables anew.

    DuckDB reads the files, so that what is read, and how it is written as text, is the same as on DuckDB.

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
            relation = _reader(path)
            if relation is None:
                continue
            names = [str(row[0]) for row in reader.execute(f"describe select * from {relation}").fetchall()]
            texts = ", ".join(
                # The one character that PostgreSQL cannot hold.
                f"replace(cast({_name(name)} as varchar), chr(0), chr(65533)) as {_name(name)}"
                for name in names
            )
            spool = work_dir / f"{table}.copy.csv"
            try:
                reader.execute(
                    f"copy (select {texts} from {relation}) to {quoted(spool)} (format csv, header false)"
                )
                columns = ", ".join(f"{_name(name)} text" for name in names)
                cursor.execute(f"create table {LANDED}.{table} ({columns})")
                with spool.open("rb") as file:
                    cursor.copy_expert(f"copy {LANDED}.{table} from stdin (format csv)", file)
                rows[table] = int(cursor.rowcount)
                cursor.execute(f"analyze {LANDED}.{table}")
            finally:
                spool.unlink(missing_ok=True)
    return rows


def _reader(path: Path) -> str | None:
    """How DuckDB reads a file; None where it holds not a byte."""
    if path.is_dir():
        return f"read_parquet({quoted(path / '*.parquet')}, union_by_name = true)"
    if path.suffix == ".parquet":
        return f"read_parquet({quoted(path)})"
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n"):
        return None
    return f"read_csv({quoted(path)}, {CSV_OPTIONS})"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
