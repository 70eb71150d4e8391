"""The small project of the driver's tests: real dbt, real Great Expectations, few models."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

import conftest

HERE = Path(__file__).resolve().parent
HEADER = "ticket_id,created_at,minutes\n"


@dataclass(frozen=True)
class Mini:
    """A project, its input and its warehouse in one folder."""

    root: Path

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def published(self) -> Path:
        return self.warehouse / "published" / "support_kpis.duckdb"

    @property
    def run_log(self) -> Path:
        return self.warehouse / "build" / "run_log.jsonl"

    def feed(self, *tickets: str) -> None:
        """Write the input: a line `id,created_at,minutes` each."""
        self.raw.mkdir(exist_ok=True)
        (self.raw / "tickets.csv").write_text(HEADER + "".join(f"{ticket}\n" for ticket in tickets))

    def feed_many(self, count: int) -> None:
        """Write so many sound tickets."""
        self.feed(*(f"t{number:05d},2025-01-{number % 28 + 1:02d},{number}" for number in range(count)))

    def arguments(self, *more: str) -> list[str]:
        """The command line of a refresh."""
        return ["refresh", "--raw-dir", str(self.raw), "--warehouse-dir", str(self.warehouse), *more]

    def variables(self, steps: int = 1000) -> dict[str, str]:
        """The environment of a refresh; more steps make its slow query slower."""
        return {"SUPPORT_KPIS_PROJECT_DIR": str(self.project), "MINI_STEPS": str(steps)}

    def refresh(self, *more: str, steps: int = 1000) -> conftest.Outcome:
        """Run one refresh to its end."""
        return conftest.run(*self.arguments(*more), **self.variables(steps))

    def query(self, sql: str, path: Path | None = None) -> list[tuple[object, ...]]:
        """Ask the published file, or another one."""
        with duckdb.connect(str(path or self.published), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def make(root: Path) -> Mini:
    """Lay out the project, with the macros and the profile of the real one, and an input of 100 tickets."""
    mini = Mini(root)
    shutil.copytree(HERE / "mini_project", mini.project)
    shutil.copytree(conftest.PROJECT / "profiles", mini.project / "profiles")
    (mini.project / "macros").mkdir()
    for macro in ("settings/generate_schema_name.sql", "landing/ensure_refresh_log.sql"):
        shutil.copy(conftest.PROJECT / "macros" / macro, mini.project / "macros")
    mini.feed_many(100)
    return mini
