"""What the tests of metrics share: a warehouse whose days are not those of UTC, and MetricFlow over it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Days begin at four or five in the morning of UTC: a metric that counted by UTC would be found out.
ZONE = "America/New_York"


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str


def run(*arguments: str | Path, **variables: str) -> Outcome:
    """Run the command to its end, with none of our settings but those given."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "DBT_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "support_kpis", *map(str, arguments)],
        cwd=PROJECT,
        env={**kept, "PYTHONWARNINGS": "ignore", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built by one refresh; SUPPORT_KPIS_BUILT_SAMPLE may name one that was built just before."""
    before = os.environ.get("SUPPORT_KPIS_BUILT_SAMPLE")
    if before:
        return Path(before).resolve()
    root = tmp_path_factory.mktemp("metrics") / "warehouse"
    outcome = run("refresh", "--warehouse-dir", root, SUPPORT_KPIS_REPORTING_TIME_ZONE=ZONE)
    assert outcome.code == 0, outcome.err
    return root


@dataclass(frozen=True)
class Metrics:
    """MetricFlow's engine, asked in this process.

    Args:
        configuration: of MetricFlow's command line, set up over the published file.
    """

    configuration: Any

    @cached_property
    def manifest(self) -> Any:
        """What the metrics are, as dbt parsed it."""
        return self.configuration.semantic_manifest

    @cached_property
    def by_name(self) -> dict[str, Any]:
        """All metrics by name."""
        return {metric.name: metric for metric in self.manifest.metrics}

    def dimensions(self, metric: str) -> set[str]:
        """The names by which a metric can be grouped."""
        found = self.configuration.mf.simple_dimensions_for_metrics([metric])
        return {dimension.dunder_name for dimension in found}

    def ask(self, metric: str, *group_by: str, where: list[str] | None = None) -> dict[tuple[Any, ...], Any]:
        """The values of a metric by its groups; groups without a value are left out."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

        answer = self.configuration.mf.query(
            MetricFlowQueryRequest.create(
                metric_names=[metric], group_by_names=list(group_by), where_constraints=where or None
            )
        ).result_df
        assert answer.column_names[: len(group_by)] == group_by
        rows = {tuple(map(as_date, row[:-1])): row[-1] for row in answer.rows}
        assert len(rows) == answer.row_count
        return {key: float(value) for key, value in rows.items() if value is not None}


def as_date(value: Any) -> Any:
    """Midnights as dates, anything else as it is."""
    return value.date() if isinstance(value, datetime) else value


@pytest.fixture(scope="session")
def metrics(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metrics]:
    """MetricFlow over the published file, in a project folder of its own."""
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration

    project = tmp_path_factory.mktemp("project")
    (project / "target").mkdir()
    shutil.copyfile(PROJECT / "dbt_project.yml", project / "dbt_project.yml")
    manifest = warehouse / "build" / "target" / "semantic_manifest.json"
    shutil.copyfile(manifest, project / "target" / "semantic_manifest.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUPPORT_KPIS_TARGET", "published")
        patch.setenv("SUPPORT_KPIS_WAREHOUSE_DIR", str(warehouse))
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        patch.chdir(project)
        configuration = CLIConfiguration()
        configuration.setup(
            dbt_profiles_path=PROJECT / "profiles", dbt_project_path=project, configure_file_logging=False
        )
        yield Metrics(configuration)
        configuration.sql_client.close()


@dataclass(frozen=True)
class Scorecard:
    """The published scorecard and catalogue."""

    connection: duckdb.DuckDBPyConnection

    def column(self, column: str, kpi_key: str, grain: str, dimension: str) -> dict[tuple[date, str], float]:
        """One column of a KPI by period and member, where it is not empty."""
        found = self.connection.execute(
            f"select period_start, member_id, {column} from marts.kpi_scorecard where kpi_key = ? "
            f"and period_grain = ? and dimension = ? and {column} is not null",
            [kpi_key, grain, dimension],
        ).fetchall()
        return {(start, member): float(value) for start, member, value in found}

    def kpis(self) -> dict[str, str]:
        """Every KPI that the input carries, and its unit."""
        found = self.connection.execute("select kpi_key, unit from marts.kpi_catalog where is_available")
        return dict(found.fetchall())

    def units_by_depth(self) -> dict[int, set[str]]:
        """The ids of the business units at each depth of their tree."""
        depths: dict[int, set[str]] = {}
        for depth, unit in self.connection.execute(
            "select depth, business_unit_id from marts.dim_business_units"
        ).fetchall():
            depths.setdefault(depth, set()).add(unit)
        return depths


@pytest.fixture(scope="session")
def scorecard(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scorecard]:
    """What MetricFlow is held against, read from a copy: a process opens a DuckDB file in one way only."""
    copy = tmp_path_factory.mktemp("scorecard") / "copy.duckdb"
    shutil.copyfile(warehouse / "published" / "support_kpis.duckdb", copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield Scorecard(connection)
