"""A real browser for pages: the system's Chromium, headless, that reaches nothing but what a test allows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sync_api = pytest.importorskip("playwright.sync_api", reason="run make setup TARGET=browser")

from watched import Watched  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
# Nothing of the browser's own may go out: no updates, no sync, no first run.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse folder of the sample, refreshed once; look, do not touch.

    SUPPORT_KPIS_BUILT_SAMPLE may name one that was refreshed just before.
    """
    before = os.environ.get("SUPPORT_KPIS_BUILT_SAMPLE")
    if before:
        return Path(before)
    root = tmp_path_factory.mktemp("sample") / "warehouse"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORT_KPIS_")}
    command = [sys.executable, "-m", "support_kpis", "refresh", "--warehouse-dir", str(root)]
    done = subprocess.run(command, cwd=PROJECT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="session")
def chromium() -> Iterator["sync_api.Browser"]:
    """The browser of the system; SUPPORT_KPIS_BROWSER names another one."""
    named = os.environ.get("SUPPORT_KPIS_BROWSER")
    path = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.fail("No browser is installed: apt-get install chromium, or name one in SUPPORT_KPIS_BROWSER.")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: "sync_api.Browser") -> Iterator[Callable[..., Watched]]:
    """Opens pages, each in a fresh profile, and watches them."""
    contexts = []

    def opened(address: str, width: int = 1280, height: int = 900, **options: object) -> Watched:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on(
            "console",
            lambda message: watched.complaints.append(message.text) if message.type == "error" else None,
        )
        watched.page.goto(address)
        return watched

    yield opened
    for context in contexts:
        context.close()
