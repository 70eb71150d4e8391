"""Raw files on their way to an engine other than DuckDB: every value as text, as the file holds it.

DuckDB reads the files, so that what is read, and how it is written as text, is the same on every engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from support_kpis.contract import Column, RawTable
from support_kpis.engines.duckdb_copy import quoted
from support_kpis.land import CSV_OPTIONS

# What stands for a stored time (or date: True) outside the years that can be written, infinity among them:
# for ever, and always.
_ENDS = {False: ("9999-12-31 23:59:59", "0001-01-01 00:00:00"), True: ("9999-12-31", "0001-01-01")}
# The schema of the landed tables, where dbt finds them.
LANDED = "raw_landed"


def sample_files(project_dir: Path) -> dict[str, Path]:
    """The files of the sample: raw table to seed.

    Args:
        project_dir: the dbt project, which holds the sample.
    """
    found = sorted((project_dir / "seeds" / "sample").glob("raw_*.csv"))
    return {path.stem.removeprefix("raw_"): path for path in found}


def landing_environment() -> dict[str, str]:
    """The environment in which dbt reads the landed tables."""
    return {"SUPPORT_KPIS_RAW_SCHEMA": LANDED, "SUPPORT_KPIS_RAW_DIR": ""}


def text_reader() -> duckdb.DuckDBPyConnection:
    """A connection that writes stored instants in UTC, whatever the machine's time zone."""
    reader = duckdb.connect(":memory:")
    reader.execute("set TimeZone = 'UTC'")
    return reader


def columns_of(reader: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """The columns of a raw file with their types, in its order; none where it holds not a byte.

    Args:
        reader: any connection.
        path: the file, or the folder of Parquet files.
    """
    relation = _relation(path)
    if relation is None:
        return {}
    described = reader.execute(f"describe select * from {relation}").fetchall()
    return {str(name): str(kind) for name, kind, *_ in described}


def texts_of(path: Path, columns: Mapping[str, str], table: RawTable, template: str = "{text}") -> str:
    """A query that gives every value of a raw file as text.

    Args:
        path: the file, or the folder of Parquet files.
        columns: name to type of its columns, one at least.
        table: what is read out of them.
        template: SQL over `{text}`, for an engine that cannot hold every text.
    """
    texts = ", ".join(
        template.format(text=_text(quoted_column(name), kind, table.columns.get(name.strip().lower())))
        + f" as {quoted_column(name)}"
        for name, kind in columns.items()
    )
    return f"select {texts} from {_relation(path)}"


def _text(column: str, kind: str, read_as: Column | None) -> str:
    """A value as text; see _ENDS for dates and times that no text of the contract can say.

    As data frames write them, midnights in a column of dates are dates, and whole doubles in one of ids are
    whole numbers: macro read_value takes them so where they come typed.
    """
    text = f"cast({column} as varchar)"
    if kind in ("DOUBLE", "FLOAT") and read_as is not None and read_as.type == "text":
        whole = f"{column} = floor({column}) and abs({column}) < 1e15"
        return f"case when {whole} then cast(cast({column} as bigint) as varchar) else {text} end"
    if kind.startswith("TIMESTAMP") and read_as is not None and read_as.type == "date":
        midnight = f"{column} = date_trunc('day', {column})"
        text = f"case when {midnight} then cast(cast({column} as date) as varchar) else {text} end"
        kind = "DATE"
    if not kind.startswith(("TIMESTAMP", "DATE")):
        return text
    for_ever, always = _ENDS[kind == "DATE"]
    can_be_written = f"isfinite({column}) and year({column}) between 1 and 9999"
    return (
        f"case when {can_be_written} then {text} "
        f"when {column} > '2000-01-01' then '{for_ever}' when {column} < '2000-01-01' then '{always}' end"
    )


def quoted_column(name: str) -> str:
    """A column's name between double quotes, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _relation(path: Path) -> str | None:
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
