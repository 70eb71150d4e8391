"""How to reach a PostgreSQL server: from the environment alone, and in words where it cannot be reached."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from support_kpis.errors import WrongUse

_DEFAULTS = {
    "HOST": ("PGHOST", "127.0.0.1"),
    "PORT": ("PGPORT", "5432"),
    "USER": ("PGUSER", "support_kpis"),
    "PASSWORD": ("PGPASSWORD", ""),
    "DATABASE": ("PGDATABASE", "support_kpis"),
    "SSLMODE": ("PGSSLMODE", "prefer"),
}

# The schemas that a refresh makes and replaces, as a regular expression each.
_WRITTEN = (
    *("raw_landed", "refresh_log", "reference", "staging", "intermediate", "dbt_test__audit"),
    *("marts", "marts_candidate", r"marts_\d+"),
)


@dataclass(frozen=True)
class Address:
    """Where the database is, as profiles/profiles.yml reads it.

    Args:
        host: name or address of the server.
        port: its port, as text.
        user: the role to log in as.
        password: of that role.
        database: its name.
        sslmode: libpq's word for how the connection is protected.
    """

    host: str
    port: str
    user: str
    password: str
    database: str
    sslmode: str

    def __str__(self) -> str:
        return f"{self.database} on {self.host}:{self.port}"


def address() -> Address:
    """The address that SUPPORT_KPIS_POSTGRES_*, else libpq's own variables, else the defaults name."""
    found = [
        os.environ.get(f"SUPPORT_KPIS_POSTGRES_{name}") or os.environ.get(libpq) or default
        for name, (libpq, default) in _DEFAULTS.items()
    ]
    return Address(*found)


def connect(autocommit: bool = True) -> Any:
    """Open a connection in UTC.

    Args:
        autocommit: whether each statement stands for itself.

    Raises:
        WrongUse: the driver, the server, the password or the database is missing; the sentence says which.
    """
    try:
        import_module("dbt.adapters.postgres")
        psycopg2: Any = import_module("psycopg2")
    except ImportError:
        raise WrongUse(
            "Target 'postgres' needs the adapter of PostgreSQL, which is not installed: run make setup "
            "TARGET=postgres."
        ) from None
    where = address()
    try:
        connection = psycopg2.connect(
            host=where.host,
            port=where.port,
            user=where.user,
            password=where.password,
            dbname=where.database,
            sslmode=where.sslmode,
            connect_timeout=10,
            application_name="support-kpis",
            options="-c TimeZone=UTC",
        )
    except psycopg2.OperationalError as error:
        raise WrongUse(_unreachable(where, str(error))) from None
    connection.autocommit = autocommit
    return connection


def _unreachable(where: Address, words: str) -> str:
    if "password" in words or "authentication" in words or "role" in words:
        return (
            f"The server at {where.host}:{where.port} refuses user {where.user} ({_last(words)}): set "
            "SUPPORT_KPIS_POSTGRES_USER and SUPPORT_KPIS_POSTGRES_PASSWORD."
        )
    if "does not exist" in words:
        return (
            f"The server at {where.host}:{where.port} has no database {where.database}: make it, or name "
            "another with SUPPORT_KPIS_POSTGRES_DATABASE."
        )
    return (
        f"No PostgreSQL server answers at {where.host}:{where.port} ({_last(words)}): start it, or name "
        "another with SUPPORT_KPIS_POSTGRES_HOST and SUPPORT_KPIS_POSTGRES_PORT."
    )


def _last(words: str) -> str:
    lines = [line.strip() for line in words.strip().splitlines() if line.strip()]
    return (lines[0] if lines else "no reason given").rsplit("failed: ", 1)[-1][:160].rstrip("?")


def reader_role() -> str | None:
    """The role that may read what is published, None where SUPPORT_KPIS_POSTGRES_READER names none."""
    return os.environ.get("SUPPORT_KPIS_POSTGRES_READER", "").strip() or None


def check_rights(connection: Any) -> None:
    """See that the role may make schemas, replace those that a refresh writes, and grant them to the reader.

    Args:
        connection: as that role.

    Raises:
        WrongUse: it may not; the sentence says what to grant.
    """
    where = address()
    asks = Reader(connection, "marts")
    if not asks.execute("select has_database_privilege(current_database(), 'create')").fetchone()[0]:
        raise WrongUse(
            f"User {where.user} may not make schemas in {where}: grant create on database "
            f"{where.database} to {where.user}."
        )
    foreign = asks.execute(
        "select nspname, pg_get_userbyid(nspowner) from pg_namespace where nspname ~ ? "
        "and not pg_has_role(nspowner, 'usage') order by 1",
        [f"^({'|'.join(_WRITTEN)})$"],
    ).fetchall()
    if foreign:
        schema, owner = foreign[0]
        raise WrongUse(
            f"Schema {schema} in {where} belongs to {owner}, and user {where.user} may not replace it: alter "
            f"schema {schema} owner to {where.user}, grant {owner} to {where.user}, or name another database "
            "with SUPPORT_KPIS_POSTGRES_DATABASE."
        )
    reader = reader_role()
    if reader and not asks.execute("select 1 from pg_roles where rolname = ?", [reader]).fetchone():
        raise WrongUse(
            f"SUPPORT_KPIS_POSTGRES_READER names {reader}, and the server at {where.host}:{where.port} has "
            f"no such role: create role {reader} login, or leave the variable out."
        )


def check_readable(connection: Any, schema: str, tables: Sequence[str]) -> None:
    """See that tables which are there may be read.

    Args:
        connection: as the role that reads.
        schema: where the tables are.
        tables: their names.

    Raises:
        WrongUse: one may not; the sentence says what to grant.
    """
    closed = Reader(connection, schema).execute(
        "select relname from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid "
        "where nspname = ? and relname = any(?) and relkind in ('r', 'p', 'v', 'm', 'f') and not "
        "(has_schema_privilege(pg_namespace.oid, 'usage') and has_table_privilege(pg_class.oid, 'select')) "
        "order by 1",
        [schema, list(tables)],
    )
    names = [str(row[0]) for row in closed.fetchall()]
    if names:
        user = address().user
        raise WrongUse(
            f"User {user} may not read {', '.join(names)} in schema {schema}: grant usage on schema {schema} "
            f"to {user}, and grant select on all tables in schema {schema} to {user}."
        )


class Reader:
    """Asks a server in the manner of a DuckDB connection.

    Args:
        connection: of psycopg2.
        schema: where the tables lie that a query calls marts.
    """

    def __init__(self, connection: Any, schema: str) -> None:
        self.connection = connection
        self.schema = schema

    def execute(self, query: str, parameters: Sequence[Any] = ()) -> Any:
        """A cursor with the answer.

        Args:
            query: SQL with `?` for each parameter; its schema `marts` stands for the reader's.
            parameters: the values.
        """
        cursor = self.connection.cursor()
        # A suite's lists are DuckDB's.
        statement = query.replace("list(distinct ", "array_agg(distinct ").replace(
            "marts.", f"{self.schema}."
        )
        if parameters:
            cursor.execute(statement.replace("%", "%%").replace("?", "%s"), tuple(parameters))
        else:
            cursor.execute(statement)
        return cursor
