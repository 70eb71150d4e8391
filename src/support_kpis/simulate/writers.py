"""Writes tables piece by piece, as CSV or as Parquet, holding no more than one piece in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from support_kpis.simulate.calendar import text
from support_kpis.simulate.tables import Table

Format = Literal["csv", "parquet"]
ROW_GROUP = 60_000
"""Rows of a Parquet row group: large enough to compress well, small enough for a small machine."""
DECIMAL_PLACES = 6

# How a value of the truth becomes text, and which Parquet type it has.
_AS_TEXT: dict[str, Callable[[Any], str]] = {
    "text": str,
    "timestamp": text,
    "integer": str,
    "number": repr,
    "boolean": lambda value: "true" if value else "false",
    "decimal": lambda value: f"{Decimal(value).scaleb(-DECIMAL_PLACES):.{DECIMAL_PLACES}f}",
}
_AS_ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "timestamp": pa.timestamp("s"),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "decimal": pa.decimal128(18, DECIMAL_PLACES),
}


class Sink(Protocol):
    """Where the rows of one table go."""

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write some more rows."""

    def close(self) -> None:
        """Write what is left and close the file."""


class _CsvSink:
    def __init__(self, path: Path, table: Table, is_truth: bool) -> None:
        # Closed by close(), at the end of the simulation.
        self._file = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(table.columns)
        self._as_text = [_AS_TEXT[kind] for kind in table.types] if is_truth else None

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if self._as_text is None:
            self._writer.writerows(rows)
            return
        self._writer.writerows(
            ["" if value is None else form(value) for value, form in zip(row, self._as_text, strict=True)]
            for row in rows
        )

    def close(self) -> None:
        self._file.close()


class _ParquetSink:
    """Raw columns are all text, so that a value that cannot be read can be written; the truth is typed."""

    def __init__(self, path: Path, table: Table, is_truth: bool) -> None:
        self._kinds = table.types if is_truth else ("text",) * len(table.columns)
        self._is_truth = is_truth
        fields = [
            pa.field(name, _AS_ARROW[kind]) for name, kind in zip(table.columns, self._kinds, strict=True)
        ]
        self._schema = pa.schema(fields)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._waiting.extend(rows)
        if len(self._waiting) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        columns: Iterable[Sequence[Any]] = zip(*self._waiting, strict=True)
        arrays = [
            pa.array(self._values(kind, column), type=field.type)
            for kind, column, field in zip(self._kinds, columns, self._schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()

    def _values(self, kind: str, column: Sequence[Any]) -> Sequence[Any]:
        if not self._is_truth:
            return [value or None for value in column]
        if kind == "decimal":
            return [None if value is None else Decimal(value).scaleb(-DECIMAL_PLACES) for value in column]
        return column

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._writer.close()


class Folder:
    """A folder of tables that are written side by side; a context that closes them all.

    Args:
        path: the folder; made if it is not there. Tables of an earlier run in the other format are removed,
        so that
            no table is there twice.
        tables: the tables, by name.
        form: ``csv`` or ``parquet``.
        is_truth: whether values are typed (the truth) or text as it is landed (raw).
    """

    def __init__(self, path: Path, tables: dict[str, Table], form: Format, *, is_truth: bool = False) -> None:
        path.mkdir(parents=True, exist_ok=True)
        make = _CsvSink if form == "csv" else _ParquetSink
        for name in tables:
            (path / f"{name}.{'parquet' if form == 'csv' else 'csv'}").unlink(missing_ok=True)
        self._sinks: dict[str, Sink] = {
            name: make(path / f"{name}.{form}", table, is_truth) for name, table in tables.items()
        }
        self.counts = dict.fromkeys(tables, 0)

    def add(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write rows of a table."""
        if rows:
            self._sinks[name].add(rows)
            self.counts[name] += len(rows)

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sink in self._sinks.values():
            sink.close()
