"""What differs from engine to engine: where marts are built and how readers are switched over."""

from __future__ import annotations

import warnings

from support_kpis.engines.duckdb_files import DuckDbFiles
from support_kpis.engines.postgres_schemas import PostgresSchemas
from support_kpis.engines.spark_tables import SparkTables
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse

# PySpark, which is imported where it is installed, warns of pandas; it is given nothing of pandas here.
warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")

Engine = DuckDbFiles | PostgresSchemas | SparkTables


def engine_for(target: str, warehouse: Warehouse) -> Engine:
    """The engine behind a dbt target.

    Args:
        target: the dbt target's name.
        warehouse: the paths of the warehouse.

    Raises:
        WrongUse: no engine serves the target.
    """
    if target == "dev":
        return DuckDbFiles(warehouse)
    if target == "postgres":
        return PostgresSchemas(warehouse)
    if target in ("spark", "spark_cluster"):
        return SparkTables(warehouse, target)
    raise WrongUse(f"No engine publishes target '{target}': use --target dev.")
