"""Read the marts of an engine into a DuckDB file, so that those of two engines can be compared."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from support_kpis.suite_columns import published_columns

MARTS = "marts"


def export_postgres(
    environment: Mapping[str, str], project_dir: Path, out: Path, schema: str = MARTS
) -> Path:
    """Copy the marts of a PostgreSQL database.

    Args:
        environment: the SUPPORT_KPIS_POSTGRES_* variables.
        project_dir: the dbt project, whose contracts say the types.
        out: the DuckDB file to write.
        schema: the schema of the marts.

    Returns:
        The file.
    """
    import psycopg2

    connection = psycopg2.connect(
        host=environment["SUPPORT_KPIS_POSTGRES_HOST"],
        port=environment["SUPPORT_KPIS_POSTGRES_PORT"],
        user=environment["SUPPORT_KPIS_POSTGRES_USER"],
        password=environment["SUPPORT_KPIS_POSTGRES_PASSWORD"],
        dbname=environment["SUPPORT_KPIS_POSTGRES_DATABASE"],
    )
    out.unlink(missing_ok=True)
    with connection, connection.cursor() as cursor, duckdb.connect(str(out)) as target:
        target.execute(f"create schema {MARTS}")
        cursor.execute("select table_name from information_schema.tables where table_schema = %s", [schema])
        there = {str(name) for (name,) in cursor.fetchall()}
        for table, columns in published_columns(project_dir).items():
            if table not in there:
                continue
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                cursor.copy_expert(
                    f"copy (select * from {schema}.{table}) to stdout "
                    "(format csv, header true, null '\\N', force_quote *)",
                    file,
                )
                file.flush()
                types = ", ".join(f"'{name}': '{type_}'" for name, type_ in columns.items())
                target.execute(
                    f"create table {MARTS}.{table} as select * from read_csv('{file.name}', header = true, "
                    f"nullstr = '\\N', allow_quoted_nulls = false, auto_detect = false, delim = ',', "
                    f"quote = '\"', escape = '\"', columns = {{{types}}})"
                )
    connection.close()
    return out


def export_spark(tables: Path, project_dir: Path, out: Path, schema: str = MARTS) -> Path:
    """Copy the marts that Spark wrote as Parquet.

    Args:
        tables: Spark's warehouse folder.
        project_dir: the dbt project, whose contracts say the types.
        out: the DuckDB file to write.
        schema: the schema of the marts.

    Returns:
        The file.
    """
    out.unlink(missing_ok=True)
    with duckdb.connect(str(out)) as target:
        target.execute("set TimeZone = 'UTC'")
        target.execute(f"create schema {MARTS}")
        for table, columns in published_columns(project_dir).items():
            folder = tables / f"{schema}.db" / table
            if not list(folder.glob("*.parquet")):
                continue
            found = target.execute(f"describe select * from read_parquet('{folder}/*.parquet')").fetchall()
            # A type that is not the contract's stays as it is, and shows when the engines are compared.
            written = {"TIMESTAMP": "TIMESTAMP WITH TIME ZONE"}
            selected = ", ".join(
                f'cast("{name}" as {columns[name]}) as "{name}"'
                if kind == written.get(columns.get(name, ""))
                else f'"{name}"'
                for name, kind, *_ in found
            )
            target.execute(
                f"create table {MARTS}.{table} as select {selected} from read_parquet('{folder}/*.parquet')"
            )
    return out
