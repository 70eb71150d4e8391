"""Where things lie in a warehouse folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DATABASE_NAME = "support_kpis.duckdb"
_EARLIER = re.compile(r"support_kpis-(\d{6,})\.duckdb")


@dataclass(frozen=True)
class Warehouse:
    """The paths of one warehouse.

    Args:
        root: the folder given as --warehouse-dir, absolute.
    """

    root: Path

    @property
    def build_dir(self) -> Path:
        """The private working folder."""
        return self.root / "build"

    @property
    def published_dir(self) -> Path:
        """The folder that BI reads."""
        return self.root / "published"

    @property
    def build_database(self) -> Path:
        """The working database that dbt writes."""
        return self.build_dir / DATABASE_NAME

    @property
    def published_database(self) -> Path:
        """The database that BI reads."""
        return self.published_dir / DATABASE_NAME

    @property
    def run_log(self) -> Path:
        """The append-only log of all runs."""
        return self.build_dir / "run_log.jsonl"

    @property
    def lock_file(self) -> Path:
        """The file whose lock one refresh holds."""
        return self.build_dir / "refresh.lock"

    @property
    def lock_holder(self) -> Path:
        """A note beside the lock that says who holds it."""
        return self.build_dir / "refresh.lock.json"

    @property
    def target_dir(self) -> Path:
        """dbt's artifacts."""
        return self.build_dir / "target"

    @property
    def temp_dir(self) -> Path:
        """Where DuckDB spills what does not fit into memory."""
        return self.build_dir / "tmp"

    @property
    def logs_dir(self) -> Path:
        """dbt's log files."""
        return self.root / "logs"

    @property
    def data_docs_dir(self) -> Path:
        """Great Expectations' report as HTML."""
        return self.root / "data_docs"

    @property
    def report(self) -> Path:
        """The page made from what is published."""
        return self.root / "report.html"

    def candidate(self, run_id: str) -> Path:
        """The file a run writes before it is published; same folder, so that a rename is enough."""
        return self.published_dir / f".candidate-{run_id}.duckdb"

    def candidates(self) -> list[Path]:
        """Candidates and half-written copies that a run left behind, with DuckDB's side files."""
        return sorted(self.published_dir.glob(".candidate-*"))

    def earlier_path(self, run_id: str) -> Path:
        """Where the build of an earlier run is kept."""
        return self.published_dir / f"support_kpis-{run_id}.duckdb"

    def earlier(self) -> dict[str, Path]:
        """Earlier published builds: run id to file, oldest first."""
        found = {}
        if self.published_dir.is_dir():
            for path in sorted(self.published_dir.iterdir()):
                match = _EARLIER.fullmatch(path.name)
                if match:
                    found[match.group(1)] = path
        return found
