"""The dashboards: Superset in an environment of its own, set up once, then served on loopback over the published marts."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

from support_kpis.console import Reporter
from support_kpis.dashboard_process import (
    HOST,
    DashboardFailed,
    Home,
    alone,
    check_port,
    end,
    home_of,
    serving_process,
    stop,
    words_of,
)
from support_kpis.engines import engine_for
from support_kpis.engines.postgres_server import address
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse

USER = "admin"
_ASSETS = ("metadata.yaml", "databases", "datasets", "charts", "dashboards")
_SECONDS_TO_START = 180


@dataclass(frozen=True)
class Dashboards:
    """The dashboards of one warehouse.

    Args:
        project_dir: the checkout, which holds dashboards/ and .venv-dashboard/.
        warehouse: whose published marts are shown.
        target: the dbt target that published them.
    """

    project_dir: Path
    warehouse: Warehouse
    target: str

    @property
    def home(self) -> Home:
        """Where they live."""
        return home_of(self.warehouse)

    @property
    def programs(self) -> Path:
        """The folder of Superset's programs."""
        return self.project_dir / ".venv-dashboard" / "bin"

    def set_up(self, reporter: Reporter) -> None:
        """Make Superset's own database if there is none, and import what changed.

        Raises:
            WrongUse: nothing is published, or Superset is not installed.
            DashboardFailed: Superset refused something; its log says what.
        """
        self._check()
        self.warehouse.root.mkdir(parents=True, exist_ok=True)
        with alone(self.warehouse):
            is_new = not self.home.sign_in.exists()
            if is_new:
                reporter.stage("Making Superset's own database (about a minute)")
                self._make_home()
            wanted = self._fingerprint()
            if not self.home.imported.exists() or self.home.imported.read_text() != wanted:
                reporter.stage("Importing the dashboards")
                if not is_new:  # the version of Superset may have changed, and with it the form of its tables
                    self._run(self.home, str(self.programs / "python"), str(self._here / "set_up.py"))
                self._import()
                self.home.imported.write_text(wanted)

    def check_free(self, port: int) -> None:
        """See that nobody serves these dashboards yet, and then that the port is free.

        Args:
            port: to listen at.

        Raises:
            WrongUse: the dashboards of this warehouse are served already, or another program has the port.
        """
        if (pid := serving_process(self.home)) is not None:
            raise WrongUse(
                f"The dashboards of {self.warehouse.root} are served already (process {pid}): end it with "
                "support-kpis dashboard --stop, or use it."
            )
        check_port(port)

    @contextmanager
    def serving(self, port: int, reporter: Reporter) -> Iterator[subprocess.Popen[bytes]]:
        """Serve on loopback until the block ends.

        Args:
            port: to listen at.
            reporter: hears what is going on.

        Raises:
            WrongUse: the port is in use, or the dashboards of this warehouse are served already.
            DashboardFailed: the server did not start.
        """
        self.check_free(port)
        reporter.stage("Starting Superset")
        with self.home.log.open("ab") as log:
            server = subprocess.Popen(
                [
                    str(self.programs / "gunicorn"),
                    *("--bind", f"{HOST}:{port}", "--workers", "2", "--worker-class", "gthread"),
                    *("--threads", "4", "--timeout", "120", "--graceful-timeout", "5"),
                    *("--pid", str(self.home.process), "--no-control-socket"),
                    "superset.app:create_app()",
                ],
                env=self._environment(self.home),
                cwd=self.home.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches this process alone, which ends the server in order
            )
        try:
            self._wait_until_ready(server, port)
            reporter.end(ok=True)
            yield server
        finally:
            end(server)
            self.home.process.unlink(missing_ok=True)

    def sign_in(self) -> dict[str, str]:
        """Account and password."""
        return dict(json.loads(self.home.sign_in.read_text(encoding="utf-8")))

    @property
    def _here(self) -> Path:
        return self.project_dir / "dashboards"

    def _check(self) -> None:
        if not (self.programs.parent / ".installed").exists():
            raise WrongUse(
                f"Superset is not (wholly) installed in {self.programs.parent}: run make dashboard, which does that first."
            )
        if not engine_for(self.target, self.warehouse).is_published():
            raise WrongUse(
                f"Nothing is published in {self.warehouse.root}, so there is nothing to show: run support-kpis refresh first."
            )
        marts_address(self.target, self.warehouse)

    def _make_home(self) -> None:
        """Make it aside and move it, so that what is there is whole."""
        aside = Path(tempfile.mkdtemp(prefix=".dashboard-", dir=self.warehouse.root))
        try:
            aside.chmod(0o700)
            made = Home(aside)
            content = {
                "user": USER,
                "password": secrets.token_urlsafe(12),
                "secret_key": secrets.token_urlsafe(48),
            }
            descriptor = os.open(made.sign_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(json.dumps(content, indent=2) + "\n")
            self._run(made, str(self.programs / "python"), str(self._here / "set_up.py"))
            if self.home.root.exists():  # left by hand or by an older version, without a way to sign in
                shutil.rmtree(self.home.root)
            aside.rename(self.home.root)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _import(self) -> None:
        with tempfile.TemporaryDirectory(prefix="import-", dir=self.home.root) as folder:
            assets = Path(folder)
            for name in _ASSETS:
                source = self._here / name
                if source.is_dir():
                    shutil.copytree(source, assets / name)
                else:
                    shutil.copy2(source, assets / name)
            self._adapt(assets)
            said = self._run(
                self.home, str(self.programs / "superset"), "import-directory", "--overwrite", str(assets)
            )
            # import-directory ends well even where it refused its input.
            if "An error occurred" in said:
                raise DashboardFailed(
                    f"Superset refused the assets in {self._here}; the last lines of {self.home.log} say which."
                )
            self._run(self.home, str(self.programs / "python"), str(self._here / "tidy.py"), str(assets))

    def _adapt(self, assets: Path) -> None:
        """Say in the copy which kind of database it is; the address itself is superset_config.py's."""
        dialect = "postgresql" if self.target == "postgres" else "duckdb"
        if dialect != "duckdb":
            database = assets / "databases" / "support_kpis.yaml"
            text = database.read_text(encoding="utf-8")
            database.write_text(
                text.replace(
                    "duckdb:///support_kpis_marts", "postgresql+psycopg2://marts/support_kpis_marts"
                ),
                encoding="utf-8",
            )
        for path in (assets / "datasets").glob("*.yaml"):
            # Both engines read the SQL as it is: Superset shall not translate it.
            with path.open("a", encoding="utf-8") as file:
                file.write(f"source_db_engine: {dialect}\n")

    def _fingerprint(self) -> str:
        """What the import depends on: the files, the target and Superset itself."""
        digest = hashlib.sha256(self.target.encode())
        digest.update((self.project_dir / "requirements" / "dashboard.txt").read_bytes())
        for name in _ASSETS:
            source = self._here / name
            for path in sorted(source.rglob("*.yaml")) if source.is_dir() else [source]:
                digest.update(str(path.relative_to(self._here)).encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest() + "\n"

    def _environment(self, home: Home) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "SUPERSET_"))
        }
        return {
            **kept,
            "SUPPORT_KPIS_DASHBOARD_HOME": str(home.root),
            "SUPPORT_KPIS_DASHBOARD_MARTS": marts_address(self.target, self.warehouse),
            "SUPERSET_CONFIG_PATH": str(self._here / "superset_config.py"),
            "FLASK_APP": "superset.app:create_app()",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "ignore",
            "SCARF_ANALYTICS": "false",
            "DO_NOT_TRACK": "1",
        }

    def _run(self, home: Home, *command: str) -> str:
        """Run one of Superset's programs to its end, and give what it said."""
        done = subprocess.run(
            command,
            env=self._environment(home),
            cwd=home.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        log = self.warehouse.logs_dir / "dashboard.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(done.stdout)
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["nothing"])[-1]
            raise DashboardFailed(
                f"Superset failed ({Path(command[1]).name if len(command) > 1 else command[0]}: {last[:200]}); "
                f"{log} has all that it said. Nothing half made was kept: run make dashboard again."
            )
        return done.stdout

    def _wait_until_ready(self, server: subprocess.Popen[bytes], port: int) -> None:
        for _ in range(_SECONDS_TO_START * 4):
            if server.poll() is not None:
                raise DashboardFailed(
                    f"Superset ended while it started (code {server.returncode}): {self.home.log} says why."
                )
            try:
                with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.25)
        raise DashboardFailed(
            f"Superset did not answer within {_SECONDS_TO_START} seconds: {self.home.log} says what it was doing."
        )


def marts_address(target: str, warehouse: Warehouse) -> str:
    """Where the published marts are, as SQLAlchemy writes it.

    Args:
        target: the dbt target that published them.
        warehouse: of the files.

    Raises:
        WrongUse: on PostgreSQL, no role for readers is named.
    """
    if target != "postgres":
        return f"duckdb:///{warehouse.published_database}"
    reader = os.environ.get("SUPPORT_KPIS_POSTGRES_READER", "").strip()
    if not reader:
        raise WrongUse(
            "The dashboards read PostgreSQL as a role that may only read: name it with SUPPORT_KPIS_POSTGRES_READER "
            "(and SUPPORT_KPIS_POSTGRES_READER_PASSWORD), then refresh, so that it may read the marts."
        )
    where = address()
    password = os.environ.get("SUPPORT_KPIS_POSTGRES_READER_PASSWORD", "")
    return (
        f"postgresql+psycopg2://{quote_plus(reader)}:{quote_plus(password)}@{where.host}:{where.port}/"
        f"{quote_plus(where.database)}?sslmode={where.sslmode}"
    )


def run(dashboards: Dashboards, port: int, setup_only: bool, show_password: bool) -> list[str]:
    """Set up, and serve until Ctrl-C or until the server ends.

    Args:
        dashboards: of which warehouse.
        port: to listen at.
        setup_only: whether to leave it at the set-up.
        show_password: whether the terminal may show it.

    Returns:
        What to say at the end, as lines.
    """
    if not setup_only:
        dashboards.check_free(port)
    for number in (signal.SIGINT, signal.SIGTERM):  # a scheduler's way to end it is as good as Ctrl-C
        signal.signal(number, signal.default_int_handler)
    with Reporter() as reporter:
        dashboards.set_up(reporter)
        if setup_only:
            return [f"The dashboards are set up in {dashboards.home.root}."]
        with dashboards.serving(port, reporter) as server:
            lines = words_of(port, dashboards.sign_in(), dashboards.home, show_password)
            print("\n".join([*lines, "Ctrl-C ends it."]), flush=True)
            try:
                code = server.wait()
            except KeyboardInterrupt:
                return ["Ended."]
    if code not in (0, -signal.SIGTERM):
        raise DashboardFailed(f"The server ended by itself (code {code}): {dashboards.home.log} says why.")
    return ["The server was ended."]


def end_serving(warehouse: Warehouse) -> list[str]:
    """End the server of a warehouse, and say what was done."""
    ended = stop(home_of(warehouse))
    return ["No dashboards were served." if ended is None else f"Ended process {ended}."]
