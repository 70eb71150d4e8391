"""Is the raw input fit to be read? Looked at before anything is built; the reading itself is dbt's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from support_kpis.contract import RawTable
from support_kpis.csv_faults import LONGEST_ROW, CsvFaultError, find_fault, header_of
from support_kpis.errors import WrongUse
from support_kpis.input_files import Stamp, stamps_of
from support_kpis.parquet_parts import check_parts, first_sentence, literal, read_part
from support_kpis.raw_folder import find_files

# The options of macros/landing/land_raw_files.sql, so that what passes here is read there. Without skip and
# comment DuckDB may pass over lines at the top that look odd to it, and say nothing.
CSV_OPTIONS = (
    "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = true, "
    f"sample_size = 1, null_padding = false, strict_mode = true, max_line_size = {LONGEST_ROW}, skip = 0, "
    "comment = ''"
)

_MAGIC = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a spreadsheet or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"SQLite format 3", "an SQLite database"),
)


@dataclass(frozen=True)
class RawInput:
    """What was found in a raw folder.

    Args:
        rows: raw table to its number of rows; a table without a file is not in it.
        files: raw table to the file or folder that holds it.
        stamps: file to what it was when the check began.
    """

    rows: Mapping[str, int]
    files: Mapping[str, Path]
    stamps: Mapping[Path, Stamp | None]


def check_raw_dir(raw_dir: Path, contract: Mapping[str, RawTable]) -> RawInput:
    """Check that every raw table in a folder can be read, and that the required ones are there.

    Args:
        raw_dir: the folder given as --raw-dir.
        contract: the raw tables by name.

    Returns:
        What was found.

    Raises:
        WrongUse: the folder or a file cannot be used; the sentence names it, the line and the remedy.
    """
    files = find_files(raw_dir, contract)
    stamps = stamps_of(files.values())
    rows = {}
    with duckdb.connect(":memory:") as connection:
        connection.execute("set preserve_insertion_order = false")
        for name, path in files.items():
            rows[name] = _check_file(connection, contract[name], path)
    return RawInput(rows=rows, files=files, stamps=stamps)


def _check_file(connection: duckdb.DuckDBPyConnection, table: RawTable, path: Path) -> int:
    try:
        if path.is_dir():
            return _check_parquet(connection, table, path, _parts_in(path))
        if path.suffix == ".parquet":
            return _check_parquet(connection, table, path, [path])
        return _check_csv(connection, table, path)
    except PermissionError:
        raise WrongUse(f"{path} may not be read: give this user the right to read it.") from None


def _parts_in(folder: Path) -> list[Path]:
    # glob would give nothing for a folder that may not be read.
    return sorted(entry for entry in folder.iterdir() if entry.name.endswith(".parquet"))


def _check_csv(connection: duckdb.DuckDBPyConnection, table: RawTable, path: Path) -> int:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n") and path.stat().st_size <= len(start):
        return 0
    kind = next((words for magic, words in _MAGIC if start.startswith(magic)), None)
    # Further down a zero byte is a flaw of one value, and read as such.
    if kind is None and b"\0" in start.lstrip(b"\r\n").split(b"\n")[0]:
        kind = "a binary file"
    if kind is not None:
        raise WrongUse(
            f"{path} is no CSV file but {kind}: write it as CSV in UTF-8 or as Parquet named "
            f"{table.name}.parquet."
        )
    try:
        header = header_of(path)
    except CsvFaultError as error:
        raise _csv_failure(path, error) from None
    _check_header(table, path, header)
    if not header:
        return 0
    try:
        # Counting every column makes the reader decode every value.
        counted = connection.execute(
            f"select count(*), count(columns(*)) from read_csv({literal(path)}, {CSV_OPTIONS})"
        ).fetchone()
    except duckdb.Error as error:
        fault = find_fault(path)
        if fault is not None:
            raise _csv_failure(path, CsvFaultError(fault)) from None
        line = re.search(r"CSV Error on Line: (\d+)", str(error))
        where = f" line {line.group(1)}" if line else ""
        raise WrongUse(
            f"{path}{where} cannot be read as CSV ({first_sentence(error)}): write it with commas, "
            "double quotes and UTF-8."
        ) from None
    return int(counted[0]) if counted else 0


def _csv_failure(path: Path, error: CsvFaultError) -> WrongUse:
    where = f"{path} line {error.fault.line}" if error.fault.line else f"{path}"
    return WrongUse(f"{where} {error.fault.what}: {error.fault.remedy}.")


def _check_header(table: RawTable, path: Path, header: list[str]) -> None:
    if header == [""]:
        raise WrongUse(f"{path} line 1 is empty: begin the file with the column names.")
    if len(header) == 1 and len(table.columns) > 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in header[0]:
                raise WrongUse(
                    f"{path} line 1 is separated by {word}: write the file with commas between the columns."
                )
    _check_columns(table, f"{path} line 1", header)
    twice = next((name for name in header if header.count(name) > 1 and name), None)
    if twice in table.columns:
        raise WrongUse(f"{path} line 1 names the column {twice} more than once: keep one of them.")
    if twice is not None:
        # A name that the contract does not know may be a value, where the header is missing or odd.
        places = [str(place) for place, name in enumerate(header, start=1) if name == twice]
        raise WrongUse(
            f"{path} line 1 gives columns {' and '.join(places[:2])} the same name: keep one of them, or "
            "rename it."
        )


def _check_columns(table: RawTable, where: str, columns: list[str]) -> None:
    missing = [name for name in table.required_columns if name not in columns]
    if missing:
        known = [name for name in columns if name in table.columns]
        hint = "" if known else " (is it the header, or the first row of data?)"
        raise WrongUse(
            f"{where} names no column {', '.join(missing)}{hint}: the table {table.name} needs "
            f"{', '.join(table.required_columns)}."
        )


def _check_parquet(
    connection: duckdb.DuckDBPyConnection, table: RawTable, path: Path, files: list[Path]
) -> int:
    if not files:
        raise WrongUse(
            f"The folder {path} holds no .parquet file: put the files of {table.name} there, or remove "
            "the folder."
        )
    parts = [read_part(connection, file) for file in files]
    columns = {name.strip().lower() for part in parts for name in part.names}
    _check_columns(table, str(path), sorted(columns))
    check_parts(connection, table, path, parts)
    return sum(part.rows for part in parts)
