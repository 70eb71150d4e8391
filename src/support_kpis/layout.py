"""Where things lie in a warehouse folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from support_kpis.errors import WrongUse, disk_full, is_disk_full

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

    @property
    def written_dirs(self) -> tuple[Path, ...]:
        """The folders that a refresh writes on any engine, the warehouse itself among them."""
        return (self.root, self.build_dir, self.temp_dir, self.logs_dir)

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


def try_writing(folder: Path) -> None:
    """Make a file in a folder and take it away again.

    Args:
        folder: one that is there.

    Raises:
        OSError: no file can be made there.
    """
    with TemporaryFile(dir=folder):
        pass


def make_writable(folders: Iterable[Path]) -> None:
    """Make folders where there are none, and see that files can be made in them.

    Args:
        folders: those that a refresh writes.

    Raises:
        WrongUse: one cannot be made or written; before anything is built, since a build takes long.
    """
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try_writing(folder)
        except OSError as error:
            if is_disk_full(error):
                raise disk_full(str(folder)) from None
            raise WrongUse(
                f"{folder} cannot be written ({error.strerror or error}): give this user the right to write "
                "there, or choose another warehouse folder with --warehouse-dir."
            ) from None
