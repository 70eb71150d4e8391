"""The environment variables of the project, so that a misspelt one is told and not passed over in silence."""

from __future__ import annotations

import os

PREFIX = "SUPPORT_KPIS_"
VARIABLES = frozenset(
    PREFIX + name
    for name in [
        "ACTIVITY_WINDOW_DAYS",
        "AS_OF",
        "CX_WEIGHTS",
        "DASHBOARD_HOME",
        "DASHBOARD_MARTS",
        "DASHBOARD_PROXY",
        "FCR_WINDOW_DAYS",
        "INFLUENCE_WINDOW_DAYS",
        "MARTS_SCHEMA",
        "MEMORY_LIMIT",
        "POSTGRES_DATABASE",
        "POSTGRES_HOST",
        "POSTGRES_PASSWORD",
        "POSTGRES_PORT",
        "POSTGRES_READER",
        "POSTGRES_READER_PASSWORD",
        "POSTGRES_SSLMODE",
        "POSTGRES_USER",
        "PROJECT_DIR",
        "PSEUDONYM_SALT",
        "PUBLISH_COMMENTS",
        "RAW_DIR",
        "RAW_SCHEMA",
        "REPORTING_CURRENCY",
        "REPORTING_TIME_ZONE",
        "RUN_ID",
        "SPARK_DRIVER_HOST",
        "SPARK_EXECUTOR_MEMORY",
        "SPARK_JAVA_OPTIONS",
        "SPARK_MASTER",
        "SPARK_MEMORY",
        "SPARK_PARTITIONS",
        "SPARK_SIZE",
        "SPARK_TESTS",
        "SPARK_THREADS",
        "SPARK_WAREHOUSE",
        "TARGET",
        "WAREHOUSE_DIR",
        "WEBHOOK_URL",
    ]
)


def unknown_note() -> str | None:
    """Which variables are set under names that look like ours and that nothing reads.

    Returns:
        A sentence with the names alone, or None if there are none.
    """
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in VARIABLES)
    if not unknown:
        return None
    verb = "is" if len(unknown) == 1 else "are"
    return f"{', '.join(unknown)} {verb} set, but there is no such setting: see docs/settings.md."
