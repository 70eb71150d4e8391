"""What an engine says of a failure, without the values of the data that it quotes.

A message ends on terminals, in the run log, in the published marts and in chat rooms; a name or an address of
a customer belongs to the private build alone. What helps to find the row stays: the class of the error, file,
line and column.
"""

from __future__ import annotations

import re

# A row may be of megabytes; what the engine says is short.
_LONGEST = 8000
# Errors about SQL or files quote names, and are raised before a row is read.
_ABOUT_NAMES = re.compile(
    r"(?:(?:Runtime|Database) Error (?:in \w+ \S+ \([^)]*\) )?)?"
    r"(?:Binder|Catalog|Parser|IO|Compilation|Parsing|Dependency) Error\b"
)
_CSV_ROW = re.compile(r" Original Line: (?P<rest>.*)")
_CSV_REASON = re.compile(
    r'Error when converting column "[^"]*"|Expected Number of Columns: \d+ Found: \d+|'
    r"Value with unterminated quote found|Maximum line size of \d+ bytes exceeded|"
    r"Invalid unicode \(byte sequence mismatch\) detected"
)
_CSV_FILE = re.compile(r".* file = (?P<file>.+?) delimiter = ")
# From here on the SQL of a model, its caret, Java's trace, or advice about a reader's options.
_TAIL = re.compile(
    r" (?:LINE \d+:|== SQL|JVM stacktrace:|Caused by:|at org\.apache\.|The search space used was:|"
    r"Possible (?:fixes|solutions):).*"
)
_POSTGRES_PARTS = re.compile(r" (?:DETAIL|CONTEXT|QUERY|STATEMENT|HINT): (?P<rest>.*)")
_POSTGRES_PLACE = re.compile(r"COPY \S+, line \d+(?:, column [^\s:]+)?|Key \([^()=]*\)(?==)")
# A quoted word after one of these is a name, not a value.
_NAME = re.compile(
    r"\b(?P<what>columns?|files?|table|relation|schema|constraint|function|type|database|view|index|model|named|target|"
    r"setting|macro|server at|user|role) (?:\"(?P<double>[^\"]+)\"|'(?P<single>[^']+)')"
)
_LOOSE_VALUES = (
    (re.compile(r"\bvalue (?![\"'])\S.*? (?=cannot |can not )"), "value ... "),
    (re.compile(r"\(\S+ [-+*/%] \S+\)"), "(...)"),
    (re.compile(r"\bout of range: .*"), "out of range"),
    (re.compile(r"\brecord parsing: .*"), "record parsing"),
    (re.compile(r"\bCould not parse (?:string|.*? format specifier).*"), "Could not parse a text"),
    (re.compile(r"(?<![\w./+@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "..."),
)


def without_values(error: BaseException | str) -> str:
    """The words of an engine or of dbt in one line, without values of the data.

    Args:
        error: what was raised, or its text.

    Returns:
        Class of the error, file, line and columns; every row and value is cut, or stands as '...'.
    """
    text = " ".join(str(error).split())
    if isinstance(error, OSError):
        return text  # of the operating system: it names files
    text = _without_csv_row(text)[:_LONGEST]
    text = _TAIL.sub("", text)
    text = _without_postgres_parts(text)
    if not _ABOUT_NAMES.match(text):
        text = _without_quoted(text)
    for pattern, left in _LOOSE_VALUES:
        text = pattern.sub(left, text)
    return text.strip()


def _without_csv_row(text: str) -> str:
    """DuckDB's words on a CSV row: what was wrong with it, and the file, in the place of the row."""
    row = _CSV_ROW.search(text)
    if row is None:
        return text
    # The row comes first in the rest, so what the engine itself says is what is found last.
    rest = row["rest"][-_LONGEST:]
    reasons = _CSV_REASON.findall(rest)
    file = _CSV_FILE.match(rest)
    said = [*reasons[-1:], *([f'file "{file["file"]}"'] if file else [])]
    return text[: row.start()] + "".join(f", {words}" for words in said)


def _without_postgres_parts(text: str) -> str:
    """PostgreSQL's message without its further parts, but for the place that they name."""
    parts = _POSTGRES_PARTS.search(text)
    if parts is None:
        return text
    places = _POSTGRES_PLACE.findall(parts["rest"])
    return text[: parts.start()] + "".join(f" ({place})" for place in places[-1:])


def _without_quoted(text: str) -> str:
    """Put '...' in the place of everything quoted that is no name.

    A value may hold quotes of its own, so all from the first to the last quote goes; a word too many is
    better lost than half a name told.
    """
    text = re.sub(r"(\w)n't\b", r"\1 not", text.replace("can't", "cannot"))
    text = _NAME.sub(lambda found: f"{found['what']} \x02{found['double'] or found['single']}\x03", text)
    text = re.sub(r"'.*'", "\x02...\x03", text)
    text = re.sub(r'".*"', "\x02...\x03", text)
    # A value that was cut off has but its first quote.
    text = re.sub(r"[\"'].*", "...", text)
    return text.replace("\x02", '"').replace("\x03", '"')
