"""Ask MetricFlow for a metric of the published marts."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse

MANIFEST = "semantic_manifest.json"
TARGET = "published"


class _NoUpdateCheck:
    """Stands in for the check for a newer version, which would ask a package index at every call."""

    def check(self, _package: str, _version: str) -> None:
        """Find nothing newer."""


def ask_metricflow(arguments: Sequence[str], warehouse: Warehouse, project_dir: Path) -> int:
    """Hand a command to MetricFlow over the published file, which is read and never locked.

    What the metrics mean is taken from the refresh that built the warehouse, with its settings.

    Args:
        arguments: of ``mf``, such as ``["query", "--metrics", "nps"]``.
        warehouse: whose published file is asked.
        project_dir: the dbt project.

    Returns:
        MetricFlow's exit code.

    Raises:
        WrongUse: MetricFlow is not installed, or nothing was published yet.
    """
    if importlib.util.find_spec("dbt_metricflow") is None:
        raise WrongUse("MetricFlow is not installed here: make setup TARGET=metrics adds it.")
    if not warehouse.published_database.is_file():
        raise WrongUse(
            f"There are no published marts in {warehouse.published_dir}: run support-kpis refresh first, "
            "or name another warehouse with --warehouse-dir."
        )
    built = warehouse.target_dir / MANIFEST
    if not built.is_file():
        raise WrongUse(
            f"{built} is missing, which says what the metrics are: run support-kpis refresh, which writes it."
        )
    # MetricFlow looks for it nowhere else.
    (project_dir / "target").mkdir(exist_ok=True)
    shutil.copyfile(built, project_dir / "target" / MANIFEST)
    os.environ.update(_environment(warehouse, project_dir))
    return _run(arguments)


def _environment(warehouse: Warehouse, project_dir: Path) -> Mapping[str, str]:
    return {
        "DBT_PROJECT_DIR": str(project_dir),
        "DBT_PROFILES_DIR": str(project_dir / "profiles"),
        "DBT_LOG_PATH": str(warehouse.logs_dir),
        "DBT_TARGET_PATH": str(project_dir / "target"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        "DO_NOT_TRACK": "1",
        "SUPPORT_KPIS_TARGET": TARGET,
        "SUPPORT_KPIS_WAREHOUSE_DIR": str(warehouse.root),
    }


def _run(arguments: Sequence[str]) -> int:
    from dbt_metricflow.cli import main as metricflow

    metricflow.UpdateChecker = _NoUpdateCheck
    try:
        metricflow.cli.main(args=list(arguments), prog_name="support-kpis mf")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
