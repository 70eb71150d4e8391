"""What the tests of the dashboards share: a refreshed warehouse, Superset over it as a user starts it, and a browser signed in."""

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / "target" / "dashboards"

# The browser is that of the tests of pages.
_spec = importlib.util.spec_from_file_location("browser_pages", PROJECT / "tests" / "browser" / "conftest.py")
assert _spec is not None and _spec.loader is not None
browser_pages = importlib.util.module_from_spec(_spec)
sys.modules["browser_pages"] = browser_pages
_spec.loader.exec_module(browser_pages)
chromium = browser_pages.chromium

Filters = dict[str, list[str]]


def environment() -> dict[str, str]:
    """The environment of a command: none of our settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SUPPORT_KPIS_", "DBT_"))
    }
    return {**kept, "PYTHONWARNINGS": "ignore"}


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start the command and do not wait."""
    return subprocess.Popen(
        [sys.executable, "-m", "support_kpis", *map(str, arguments)],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def run(*arguments: str | Path) -> str:
    """Run the command to its end, which must be a good one."""
    process = start(*arguments)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    return said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Published:
    """The published file, read anew at each question."""

    path: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def warehouse() -> Path:
    """A warehouse with the sample, refreshed now; SUPPORT_KPIS_TEST_WAREHOUSE names one that is there already."""
    there = os.environ.get("SUPPORT_KPIS_TEST_WAREHOUSE")
    if there:
        return Path(there)
    root = BUILD / "warehouse"
    shutil.rmtree(root, ignore_errors=True)
    run("refresh", "--warehouse-dir", root)
    return root


@pytest.fixture(scope="session")
def published(warehouse: Path) -> Published:
    return Published(warehouse / "published" / "support_kpis.duckdb")


def older_assets(folder: Path) -> Path:
    """A checkout whose dashboards are of an earlier version: one chart has another title, and one is gone since."""
    from support_kpis.boards.parts import uuid_of

    for name in ("dbt_project.yml", "profiles", "requirements", "macros", "models", ".venv-dashboard"):
        (folder / name).symlink_to(PROJECT / name)
    shutil.copytree(PROJECT / "dashboards", folder / "dashboards")
    charts = folder / "dashboards" / "charts"
    chart = yaml.safe_load((charts / "overview_nps.yaml").read_text())
    (charts / "overview_nps.yaml").write_text(yaml.safe_dump(chart | {"slice_name": "Of an older version"}))
    gone = chart | {"slice_name": "Gone since", "uuid": uuid_of("chart", "gone_since")}
    (charts / "gone_since.yaml").write_text(yaml.safe_dump(gone))
    path = folder / "dashboards" / "dashboards" / "overview.yaml"
    board = yaml.safe_load(path.read_text())
    cells = board["position"]
    one = next(cell for cell in cells.values() if isinstance(cell, dict) and cell["type"] == "CHART")
    cells["CHART-gone"] = one | {
        "id": "CHART-gone",
        "meta": one["meta"] | {"chartId": 999, "uuid": gone["uuid"], "sliceName": "Gone since"},
    }
    cells[one["parents"][-1]]["children"].append("CHART-gone")
    path.write_text(yaml.safe_dump(board))
    return folder


@dataclass
class Served:
    """Superset as `support-kpis dashboard` serves it."""

    base: str
    user: str
    password: str
    home: Path
    said: str


@pytest.fixture(scope="session")
def served(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Set up from an older version of the assets, then started as a user does, on a free port, until Ctrl-C."""
    from support_kpis.console import Reporter
    from support_kpis.dashboard import Dashboards
    from support_kpis.layout import Warehouse

    home = warehouse / "dashboard"
    if not home.exists():
        older = older_assets(tmp_path_factory.mktemp("older"))
        with Reporter() as reporter:
            Dashboards(older, Warehouse(warehouse), "dev").set_up(reporter)
    port = free_port()
    process = start("dashboard", "--warehouse-dir", warehouse, "--port", str(port))
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    assert f"http://127.0.0.1:{port}/superset/dashboard/overview/" in said, said
    account = json.loads((home / "sign-in.json").read_text())
    yield Served(f"http://127.0.0.1:{port}", account["user"], account["password"], home, said)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "Ended." in rest


@dataclass
class Looked:
    """What a dashboard showed: the answer for each chart by its file's name, and what went wrong."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def rows(self, chart: str) -> list[dict[str, Any]]:
        """The rows that a chart was given."""
        return list(self.answers[chart])


class Viewer:
    """A person at a browser, signed in."""

    def __init__(self, browser: Any, served: Served) -> None:
        self.served = served
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.outside: list[str] = []
        self._responses: list[Any] = []
        self.page.on("request", self._hear)
        self.page.on("response", lambda response: self._responses.append(response))
        self._sign_in()
        self._names: dict[int, str] = {}

    def _hear(self, request: Any) -> None:
        if not request.url.startswith((self.served.base, "data:", "blob:")):
            self.outside.append(request.url)

    def _sign_in(self) -> None:
        self.page.goto(f"{self.served.base}/login/")
        self.page.locator("#username").fill(self.served.user)
        self.page.locator("#password").fill(self.served.password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/login" not in address)

    def open(self, slug: str, filters: Filters | None = None) -> Looked:
        """Open a dashboard with filters set, wait until every chart has its answer, and gather the answers."""
        self._responses.clear()
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.goto(f"{self.served.base}/superset/dashboard/{slug}/{address_of(slug, filters or {})}")
        self.page.wait_for_selector(".dashboard-component-chart-holder", timeout=90_000)
        self._show_all()
        return self.gather(slug)

    def _show_all(self) -> None:
        """Make the window as tall as the page: charts out of sight are not asked for."""
        height = self.page.evaluate("document.querySelector('.grid-container').scrollHeight")
        self.page.set_viewport_size({"width": 1280, "height": int(height) + 300})

    def gather(self, slug: str) -> Looked:
        """Wait until every chart of the dashboard has its answer."""
        names = self._charts(slug)
        looked = Looked()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            self.page.wait_for_timeout(300)
            looked = self._answers(names)
            is_waiting = self.page.locator(".loading, [data-test='loading-indicator']").count()
            if looked.failures or (set(looked.answers) == set(names.values()) and not is_waiting):
                break
        missing = set(names.values()) - set(looked.answers)
        if missing and not looked.failures:
            looked.failures.append(f"no answer for {sorted(missing)}")
        for selector in ("[data-test='error-container']", ".ant-alert-error", ".alert-danger"):
            for found in self.page.locator(selector).all():
                looked.failures.append(found.inner_text()[:300])
        return looked

    def _charts(self, slug: str) -> dict[int, str]:
        """Id to title of the charts of a dashboard."""
        answer = self.context.request.get(f"{self.served.base}/api/v1/dashboard/{slug}/charts")
        return {chart["id"]: chart["slice_name"] for chart in answer.json()["result"]}

    def _answers(self, names: dict[int, str]) -> Looked:
        looked = Looked()
        for response in list(self._responses):
            if "/api/v1/chart/data" not in response.url:
                continue
            asked = re.search(r"slice_id(?:%22|\")?(?:%3A|:)\s*(\d+)", response.url)
            form = (response.request.post_data_json or {}).get("form_data") or {}
            number = int(asked.group(1)) if asked else int(form.get("slice_id") or 0)
            if response.status != 200:
                looked.failures.append(f"{names.get(number)}: {response.status} {response.text()[:500]}")
                continue
            if number in names:  # what a filter offers is asked for in the same way
                looked.answers[names[number]] = response.json()["result"][0]["data"]
        return looked

    def close(self) -> None:
        self.context.close()


def address_of(slug: str, filters: Filters) -> str:
    """The query string that sets filters, as Superset writes it when a link is shared."""
    columns = {"period": "period_grain", "unit": "business_unit"}
    parts = []
    for name, values in filters.items():
        key = f"NATIVE_FILTER-{slug}-{name}"
        if name == "time":
            extra, state = f"time_range:'{values[0]}'", f"value:'{values[0]}'"
        else:
            listed = ",".join(f"'{value}'" for value in values)
            column = columns.get(name, name)
            extra = f"filters:!((col:{column},op:IN,val:!({listed})))"
            state = f"value:!({listed})"
        parts.append(f"{key}:(extraFormData:({extra}),filterState:({state}),id:{key},ownState:())")
    return f"?native_filters={quote('(' + ','.join(parts) + ')')}" if parts else ""


@pytest.fixture(scope="session")
def viewer(chromium: Any, served: Served) -> Iterator[Viewer]:
    someone = Viewer(chromium, served)
    yield someone
    someone.close()


Look = Callable[..., Looked]
