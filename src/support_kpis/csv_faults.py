"""Where a CSV file breaks: a slow, careful reading that is only done once the fast one has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# One field and what ends it, in a record that is known to be whole.
_FIELD = re.compile(r'(?:"(?:[^"]++|"")*+"[ \t]*|[^",\r\n][^,\r\n]*|)(?P<end>,|\r\n|\n|\r|$)')
# A quote opens a value only where a field begins, and closes it where it is not doubled.
_OPENING = re.compile(r'(?:^|,)"')
_CLOSING = re.compile(r'(?:[^"]++|"")*+"')


# The longest row, in bytes, that DuckDB is told to read: max_line_size of land.CSV_OPTIONS.
LONGEST_ROW = 16777216


@dataclass(frozen=True)
class CsvFault:
    """One fault.

    Args:
        line: the line of the file where it begins, counted from 1; None if it concerns the whole file.
        what: what is wrong, as the end of a sentence.
        remedy: what to do.
    """

    line: int | None
    what: str
    remedy: str


def header_of(path: Path) -> list[str]:
    """The column names in the first record, trimmed and in lower case.

    Args:
        path: a CSV file; a byte order mark is skipped.

    Returns:
        The names; an empty list for a file without a first record.

    Raises:
        CsvFaultError: the first record cannot be read.
    """
    for record in _records(path):
        fields = _fields(record)
        if fields is None:
            raise CsvFaultError(_broken_quote(record.line))
        return [_plain(name).strip().lower() for name in fields]
    return []


class CsvFaultError(Exception):
    """A fault met while reading.

    Args:
        fault: what and where it is.
    """

    def __init__(self, fault: CsvFault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def find_fault(path: Path) -> CsvFault | None:
    """Look for the first fault of a CSV file by reading it line by line.

    Args:
        path: a file that a strict reader refused.

    Returns:
        The fault, or None if this reading finds none either.
    """
    width = 0
    ending = ""
    try:
        for record in _records(path):
            fields = _fields(record)
            if fields is None:
                return _broken_quote(record.line)
            # A character is four bytes at most, so that only few rows have to be encoded.
            if len(record.text) * 4 >= LONGEST_ROW and _row_bytes(record) >= LONGEST_ROW:
                return CsvFault(
                    record.line,
                    f"begins a row of {_row_bytes(record):,} bytes, and one has to be shorter than "
                    f"{LONGEST_ROW:,}",
                    "shorten its longest text, or write the table as Parquet",
                )
            if not width:
                width, ending = len(fields), record.ending
            elif record.text.strip("\r\n") and len(fields) != width:
                more = "more" if len(fields) > width else "fewer"
                return CsvFault(
                    record.line,
                    f"has {len(fields)} fields, {more} than the {width} of the header",
                    "put values that hold a comma or a line end in double quotes, and write every row "
                    "with all its commas",
                )
            elif record.ending and record.ending != ending:
                return CsvFault(
                    record.line,
                    "ends in another way than the lines before it (Windows and Unix line ends are mixed)",
                    "write the file with one kind of line end",
                )
    except CsvFaultError as error:
        return error.fault
    return None


@dataclass(frozen=True)
class _Record:
    line: int
    text: str
    ending: str


def _row_bytes(record: _Record) -> int:
    """The bytes of a row without its line end."""
    return len(record.text.rstrip("\r\n").encode())


def _broken_quote(line: int) -> CsvFault:
    return CsvFault(
        line,
        "has a broken quote: a double quote is not closed, or text follows a closing one",
        'close it, or write a quote inside a value as two ("")',
    )


def _records(path: Path) -> Iterator[_Record]:
    """Whole records: a line, or several where a quoted value holds line ends."""
    begun = 0
    is_open = False
    parts: list[str] = []
    for number, line in _lines(path):
        if not is_open:
            begun, parts = number, []
        parts.append(line)
        is_open = _is_open_after(line, is_open)
        if not is_open:
            yield _Record(begun, "".join(parts), _ending(line))
    if is_open:
        raise CsvFaultError(_broken_quote(begun))


def _is_open_after(line: str, is_open: bool) -> bool:
    """Whether a quoted value is open at the end of a line.

    Args:
        line: the line.
        is_open: whether one was open at its beginning.
    """
    if not is_open and '"' not in line:
        return False
    position = 0
    while True:
        if not is_open:
            opening = _OPENING.search(line, position)
            if opening is None:
                return False
            position = opening.end()
        closing = _CLOSING.match(line, position)
        if closing is None:
            return True
        position, is_open = closing.end(), False


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if b"\0" in raw:
                raise CsvFaultError(
                    CsvFault(number, "holds a zero byte, which no text has", "write the file as CSV in UTF-8")
                )
            try:
                yield number, raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise CsvFaultError(
                    CsvFault(
                        number,
                        f"is not UTF-8 (byte 0x{raw[error.start]:02x} at position {error.start + 1})",
                        "save the file in the encoding UTF-8",
                    )
                ) from None


def _fields(record: _Record) -> list[str] | None:
    """The fields of a record as written, or None if a quoted one is not well formed."""
    fields = []
    position = 0
    while True:
        match = _FIELD.match(record.text, position)
        if match is None:
            return None
        fields.append(record.text[position : match.start("end")])
        if match["end"] != ",":
            return fields
        position = match.end()


def _plain(field: str) -> str:
    stripped = field.strip(" \t")
    if stripped.startswith('"') and stripped.endswith('"') and len(stripped) > 1:
        return stripped[1:-1].replace('""', '"')
    return field


def _ending(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else line[len(line.rstrip("\r\n")) :]
