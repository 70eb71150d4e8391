"""Bring raw files to Spark as external Parquet: every value as text, as the file holds it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support_kpis.contract import RawTable
from support_kpis.engines.duckdb_copy import quoted
from support_kpis.engines.raw_texts import LANDED, columns_of, text_reader, texts_of
from support_kpis.engines.spark_session import literal, local_folder
from support_kpis.errors import WrongUse

# Files of about this size let several workers read one table, and are still large enough to read well.
_FILE_SIZE = "256MB"


def land(session: Any, files: Mapping[str, Path], tables: str, contract: Mapping[str, RawTable]) -> None:
    """Write the raw tables as Parquet beside Spark's own, and lay external tables over them.

    Args:
        session: of pyspark.
        files: raw table to the file or folder that holds it.
        tables: the folder of Spark's tables, which its workers see too.
        contract: what is read out of each raw table.

    Raises:
        WrongUse: it is no folder of a disk.
    """
    folder = local_folder(tables)
    if folder is None:
        raise WrongUse(
            f"Raw files cannot be written to {tables}, which is no folder of a disk: load the raw tables "
            "into a schema there yourself, and name it with SUPPORT_KPIS_RAW_SCHEMA."
        )
    landed = folder.parent / LANDED
    session.sql(f"drop database if exists {LANDED} cascade")
    shutil.rmtree(landed, ignore_errors=True)
    session.sql(f"create database {LANDED}")
    with text_reader() as reader:
        for table, path in sorted(files.items()):
            columns = columns_of(reader, path)
            if not columns:
                continue
            place = landed / table
            place.mkdir(parents=True)
            texts = texts_of(path, columns, contract[table])
            options = f"format parquet, file_size_bytes '{_FILE_SIZE}', overwrite_or_ignore true"
            reader.execute(f"copy ({texts}) to {quoted(place)} ({options})")
            if not any(place.glob("*.parquet")):
                empty = quoted(place / "empty.parquet")
                reader.execute(f"copy ({texts} limit 0) to {empty} (format parquet)")
            session.sql(f"create table {LANDED}.{table} using parquet location {literal(place.as_uri())}")
