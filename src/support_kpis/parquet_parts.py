"""The Parquet files of one raw table: what each holds, and whether the engine can read them as one table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from support_kpis.contract import RawTable
from support_kpis.engine_words import without_values
from support_kpis.errors import WrongUse


@dataclass(frozen=True)
class Part:
    """One Parquet file of a table.

    Args:
        path: where it lies.
        rows: how many it has.
        names: its columns as it spells them.
        types: its columns as DuckDB names them, with their types.
    """

    path: Path
    rows: int
    names: Sequence[str]
    types: Mapping[str, str]


def read_part(connection: duckdb.DuckDBPyConnection, path: Path) -> Part:
    """Read what the footer of a Parquet file says.

    Args:
        connection: any.
        path: the file.

    Raises:
        WrongUse: it is no whole Parquet file.
    """
    with path.open("rb") as opened:
        start = opened.read(16)
    if not start:
        raise WrongUse(
            f"{path} is empty, which no Parquet file is: write it anew, or remove it if there are no rows."
        )
    file = f"({literal(path)})"
    try:
        types = connection.execute(f"describe select * from read_parquet{file}").fetchall()
        schema = connection.execute(f"select name, num_children from parquet_schema{file}").fetchall()
        counted = connection.execute(f"select count(*) from read_parquet{file}").fetchone()
    except duckdb.Error as error:
        cut = start.startswith(b"PAR1")
        what = "is a Parquet file that is cut off or damaged" if cut else "is no Parquet file"
        raise WrongUse(
            f"{path} {what} ({first_sentence(error)}): write it anew, or name it .csv if it is one."
        ) from None
    return Part(
        path,
        int(counted[0]) if counted else 0,
        tuple(_outermost(schema)),
        {str(row[0]): str(row[1]) for row in types},
    )


def check_parts(
    connection: duckdb.DuckDBPyConnection, table: RawTable, where: Path, parts: Sequence[Part]
) -> None:
    """Check that each column of the contract is one column, of types that go together.

    Columns that the contract does not know are not looked at: nothing reads their values.

    Args:
        connection: any.
        table: whose parts they are.
        where: the file, or the folder that holds them.
        parts: all of them.

    Raises:
        WrongUse: a column is there in two spellings, or its types in two files do not go together.
    """
    for column in table.columns:
        _check_spelling(column, where, parts)
    if len(parts) > 1:
        _check_types(connection, table, where, parts)


def literal(path: Path) -> str:
    """A path as SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def first_sentence(error: Exception) -> str:
    """The beginning of what DuckDB says, without values of a file."""
    line = without_values(str(error).strip().splitlines()[0])
    kind, colon, words = line.partition("Error: ")
    if colon and all(letter.isalpha() or letter == " " for letter in kind):
        line = words
    return line.rstrip(".")[:160]


def _outermost(schema: Sequence[tuple[object, ...]]) -> Iterator[str]:
    """The columns among all fields of a schema, which lists each field before the fields in it."""
    inner = 0
    for name, children in schema[1:]:
        if inner:
            inner -= 1
        else:
            yield str(name)
        inner += int(str(children or 0))


def _check_spelling(column: str, where: Path, parts: Sequence[Part]) -> None:
    spelled = [(name, part.path) for part in parts for name in part.names if _folded(name) == column]
    several_in_one = len(spelled) > len({path for _, path in spelled})
    # Between files DuckDB takes capital and small letters for the same, but not spaces.
    if not several_in_one and len({name.lower() for name, _ in spelled}) < 2:
        return
    first = spelled[0]
    second = next((other for other in spelled if other[0] != first[0]), spelled[1])
    raise WrongUse(
        f"{where} names the column {column} more than once, '{first[0]}' in {first[1].name} and "
        f"'{second[0]}' in {second[1].name}: keep one of them, spelled {column} in every file."
    )


def _check_types(
    connection: duckdb.DuckDBPyConnection, table: RawTable, where: Path, parts: Sequence[Part]
) -> None:
    files = ", ".join(literal(part.path) for part in parts)
    described = connection.execute(
        f"describe select * from read_parquet([{files}], union_by_name = true)"
    ).fetchall()
    united = {_folded(str(row[0])): str(row[1]) for row in described}
    for part in parts:
        for name, type_ in part.types.items():
            column = _folded(name)
            as_one = united.get(column, type_)
            if column in table.columns and type_ != as_one and _has_misfits(connection, part, name, as_one):
                other = next((rest for rest in parts if _type_in(rest, column) == as_one), None)
                raise WrongUse(_conflict(where, column, part, type_, other, as_one))


def _has_misfits(connection: duckdb.DuckDBPyConnection, part: Part, name: str, type_: str) -> bool:
    """Whether a file holds a value that the type of all files together cannot take."""
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        found = connection.execute(
            f"select 1 from read_parquet({literal(part.path)}) where {quoted} is not null and "
            f"try_cast({quoted} as {type_}) is null limit 1"
        ).fetchone()
    except duckdb.Error:
        return True
    return found is not None


def _type_in(part: Part, column: str) -> str | None:
    return next((type_ for name, type_ in part.types.items() if _folded(name) == column), None)


def _conflict(where: Path, column: str, part: Part, type_: str, other: Part | None, united: str) -> str:
    whole = _outer(united)
    against = f"{whole} in {other.path.name}" if other else f"{whole} in all files together"
    return (
        f"The files of {where} disagree on the column {column}: it is {_outer(type_)} in "
        f"{part.path.name} and {against}, and not every value can be read as {whole}. Write all files "
        "with one type."
    )


def _outer(type_: str) -> str:
    """A type without its fields, whose names may come from the data."""
    return re.sub(r"^(STRUCT|MAP|UNION)\(.*\)", r"\1(...)", type_)


def _folded(name: str) -> str:
    return name.strip().lower()
