"""Erasure in the builds that are kept: an erased customer's id must not live on in an earlier file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from support_kpis.engines.duckdb_copy import MARTS, STORAGE_VERSION, quoted

# Marts of KPIs hold members of dimensions, and a customer is none.
PREFIXES = ("dim_", "fct_", "ops_")
RECORD = "raw_record"
# The columns that hold a customer's id, with what must be true of a row for that. An id means something in
# its own table only: a ticket, an agent or a team may be called as a customer is, and keeps its id.
ID_COLUMNS = {
    "customer_id": "true",
    "author_id": "author_type = 'customer'",
    "raw_key": "raw_table = 'customers'",
    RECORD: "true",
}
# The same within a rejected row, as int_rows_quarantined says it. What the row says of its author may be what
# is wrong with it, so the id goes whoever that is.
MEMBERS = ("customer_id", "merged_into_customer_id", "author_id", "actor_id")


def erased_ids(build: Path) -> dict[str, str]:
    """The ids that may no longer be published, with what stands for each.

    Args:
        build: the working file of the last build.

    Returns:
        Customer id to published id; empty where the build does not say.
    """
    try:
        with duckdb.connect(str(build), read_only=True) as connection:
            rows = connection.execute(
                "select customer_id, published_customer_id from intermediate.int_customers_resolved "
                "where is_id_hidden"
            ).fetchall()
    except duckdb.Error:
        return {}
    return {str(customer): str(published) for customer, published in rows}


def masked_records(records: Iterable[str | None], ids: Mapping[str, str]) -> dict[str, str]:
    """What is to stand for rejected rows that hold an id.

    Args:
        records: rejected rows as JSON.
        ids: id to what stands for it.

    Returns:
        Those rows that hold one, each with the same row without it.
    """
    masked = {}
    for record in records:
        members = json.loads(record) if record else {}
        hidden = {name: ids[members[name]] for name in MEMBERS if members.get(name) in ids}
        if hidden:
            masked[str(record)] = json.dumps(members | hidden, ensure_ascii=False)
    return masked


def erase(published: Path, candidate: Path, ids: Mapping[str, str]) -> bool:
    """Write a published file anew without some ids, if it holds any of them.

    Args:
        published: the file to look through; it is left as it is.
        candidate: the file to write.
        ids: id to what stands for it.

    Returns:
        Whether the candidate was written.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {quoted(published)} as old (read_only)")
        connection.execute("create table erased (id varchar primary key, stand_in varchar)")
        connection.executemany("insert into erased values (?, ?)", list(ids.items()))
        columns = _id_columns(connection)
        _replace_records(connection, columns, ids)
        changed = {
            (table, name)
            for table, names in columns.items()
            for name in names
            if _holds_an_id(connection, table, name)
        }
        if not changed:
            return False
        connection.execute(f"attach {quoted(candidate)} as new (storage_version '{STORAGE_VERSION}')")
        connection.execute(f"create schema new.{MARTS}")
        for table in _tables(connection):
            _copy(connection, table, [name for name in columns.get(table, ()) if (table, name) in changed])
        connection.execute("detach new")
        return True


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'old' and schema_name = ? order by table_name",
        [MARTS],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _id_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = 'old' and schema_name = ? and data_type = 'VARCHAR' "
        "order by table_name, column_index",
        [MARTS],
    ).fetchall()
    columns: dict[str, list[str]] = {}
    for table, name in rows:
        if str(table).startswith(PREFIXES) and name in ID_COLUMNS:
            columns.setdefault(str(table), []).append(str(name))
    return columns


def _replace_records(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Sequence[str]], ids: Mapping[str, str]
) -> None:
    """Add to the table of ids whole rejected records that name one, with the record that stands for each."""
    for table, names in columns.items():
        if RECORD not in names:
            continue
        records = connection.execute(f"select distinct {RECORD} from old.{MARTS}.{table}").fetchall()
        for record, stand_in in masked_records([record for (record,) in records], ids).items():
            connection.execute("insert into erased values (?, ?)", [record, stand_in])


def _holds_an_id(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> bool:
    row = connection.execute(
        f'select count(*) from old.{MARTS}.{table} as kept inner join erased on kept."{name}" = erased.id '
        f"where {ID_COLUMNS[name]}"
    ).fetchone()
    return bool(row and row[0])


def _copy(connection: duckdb.DuckDBPyConnection, table: str, names: Sequence[str]) -> None:
    """Copy one table with its words, in its order, with other ids in some of its columns."""
    replaced = ", ".join(
        f'coalesce((select stand_in from erased where erased.id = kept."{name}" and {ID_COLUMNS[name]}), '
        f'kept."{name}") as "{name}"'
        for name in names
    )
    selected = f"kept.* replace ({replaced})" if replaced else "kept.*"
    connection.execute(
        f"create table new.{MARTS}.{table} as "
        f"select {selected} from old.{MARTS}.{table} as kept order by kept.rowid"
    )
    words = connection.execute(
        "select comment from duckdb_tables() where database_name = 'old' and table_name = ?", [table]
    ).fetchone()
    if words and words[0]:
        connection.execute(f"comment on table new.{MARTS}.{table} is {quoted(words[0])}")
    described = connection.execute(
        "select column_name, comment from duckdb_columns() "
        "where database_name = 'old' and table_name = ? and comment is not null",
        [table],
    ).fetchall()
    for name, comment in described:
        connection.execute(f'comment on column new.{MARTS}.{table}."{name}" is {quoted(comment)}')
