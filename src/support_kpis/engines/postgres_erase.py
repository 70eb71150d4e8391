"""Erasure in the builds that are kept on PostgreSQL: no earlier one may hold an erased customer's id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from support_kpis.engines.duckdb_erase import ID_COLUMNS, PREFIXES, RECORD, masked_records


def erase(connection: Any, schemas: Sequence[str]) -> list[str]:
    """Put what stands for an erased customer in the place of the id, wherever a kept build holds it.

    Args:
        connection: to the server.
        schemas: those of the earlier builds.

    Returns:
        The schemas that were changed.
    """
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('intermediate.int_customers_resolved') is not null")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            "select customer_id, published_customer_id from intermediate.int_customers_resolved "
            "where is_id_hidden"
        )
        ids = {str(customer): str(published) for customer, published in cursor.fetchall()}
        return [schema for schema in schemas if ids and _erase_from(cursor, schema, ids)]


def _erase_from(cursor: Any, schema: str, ids: Mapping[str, str]) -> bool:
    cursor.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = %s and data_type = 'text' order by 1, 2",
        [schema],
    )
    changed = False
    for table, name in cursor.fetchall():
        if not str(table).startswith(PREFIXES) or name not in ID_COLUMNS:
            continue
        relation, column = f"{schema}.{table}", f'"{name}"'
        stand_ins = dict(ids)
        if name == RECORD:
            cursor.execute(f"select distinct {RECORD} from {relation} where {RECORD} is not null")
            stand_ins = masked_records([record for (record,) in cursor.fetchall()], ids)
        if stand_ins:
            cursor.execute(
                f"update {relation} as kept set {column} = erased.stand_in "
                "from unnest(%s::text[], %s::text[]) as erased (id, stand_in) "
                f"where kept.{column} = erased.id and {ID_COLUMNS[name]}",
                [list(stand_ins), list(stand_ins.values())],
            )
            changed = changed or cursor.rowcount > 0
    return changed
