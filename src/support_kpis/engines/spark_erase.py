"""Erasure in the builds that are kept on Spark: no earlier one may hold an erased customer's id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from support_kpis.engines.duckdb_erase import ID_COLUMNS, PREFIXES, RECORD, masked_records


def erase(session: Any, schemas: Sequence[str]) -> list[str]:
    """Put what stands for an erased customer in the place of the id, wherever a kept build holds it.

    Args:
        session: of pyspark.
        schemas: those of the earlier builds.

    Returns:
        The schemas that were changed.
    """
    if not session.catalog.tableExists("intermediate.int_customers_resolved"):
        return []
    rows = session.sql(
        "select customer_id, published_customer_id from intermediate.int_customers_resolved "
        "where is_id_hidden"
    ).collect()
    ids = {str(row[0]): str(row[1]) for row in rows}
    return [schema for schema in schemas if ids and _erase_from(session, schema, ids)]


def _erase_from(session: Any, schema: str, ids: Mapping[str, str]) -> bool:
    changed = False
    for row in session.sql(f"show tables in {schema}").collect():
        table = str(row["tableName"])
        if table.startswith(PREFIXES):
            changed = _rewrite(session, f"{schema}.{table}", ids) or changed
    return changed


def _rewrite(session: Any, table: str, ids: Mapping[str, str]) -> bool:
    """Write a table anew where it holds an id; a table of Parquet files cannot be changed in place."""
    from pyspark.sql import functions

    frame = session.table(table)
    erased = frame
    for name in (name for name in frame.columns if name in ID_COLUMNS):
        holds_customer = functions.expr(ID_COLUMNS[name])
        stand_ins = dict(ids)
        if name == RECORD:
            stand_ins = masked_records([row[0] for row in frame.select(name).distinct().collect()], ids)
        held = (
            frame.where(holds_customer & frame[name].isin(*stand_ins)).select(name).distinct().collect()
            if stand_ins
            else []
        )
        if held:
            # In a frame of its own, because replace() knows no condition.
            whole = erased.withColumn("__as_it_was", functions.col(name))
            replaced = whole.replace({old: stand_ins[old] for (old,) in held}, subset=[name])
            kept = functions.when(holds_customer, functions.col(name)).otherwise(functions.col("__as_it_was"))
            erased = replaced.withColumn(name, kept).drop("__as_it_was")
    if erased is frame:
        return False
    anew = f"{table}__anew"
    session.sql(f"drop table if exists {anew}")
    erased.write.format("parquet").saveAsTable(anew)
    session.sql(f"drop table {table}")
    session.sql(f"alter table {anew} rename to {table}")
    return True
