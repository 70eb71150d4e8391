"""Ask one question the way another tool would, and print the answer as JSON (in .venv-clients).

    python client.py duckdb FILE SQL
    python client.py odbc CONNECTION_STRING SQL
    python client.py jdbc JAR URL USER PASSWORD SQL

A refusal is printed as {"refused": words}.
"""

import json
import sys


def ask_duckdb(file: str, sql: str) -> list[list[object]]:
    """By DuckDB's own client, read-only."""
    import duckdb

    with duckdb.connect(file, read_only=True) as connection:
        return [list(row) for row in connection.execute(sql).fetchall()]


def ask_odbc(connection_string: str, sql: str) -> list[list[object]]:
    """By ODBC, as Excel and Power BI do."""
    import pyodbc

    connection = pyodbc.connect(connection_string, autocommit=True)
    try:
        return [list(row) for row in connection.execute(sql).fetchall()]
    finally:
        connection.close()


def ask_jdbc(jar: str, url: str, user: str, password: str, sql: str) -> list[list[object]]:
    """By JDBC, as DBeaver, Tableau and Metabase do."""
    import jpype

    jpype.startJVM(classpath=[jar])
    connection = jpype.java.sql.DriverManager.getConnection(url, user, password)
    try:
        found = connection.createStatement().executeQuery(sql)
        columns = range(1, found.getMetaData().getColumnCount() + 1)
        rows = []
        while found.next():
            rows.append([str(found.getString(column)) for column in columns])
        return rows
    finally:
        connection.close()


def main() -> None:
    """Ask, and print."""
    way, *arguments = sys.argv[1:]
    try:
        answer = {"duckdb": ask_duckdb, "odbc": ask_odbc, "jdbc": ask_jdbc}[way](*arguments)
        print(json.dumps({"rows": answer}, default=str))
    except Exception as error:
        print(json.dumps({"refused": str(error)}))


if __name__ == "__main__":
    main()
