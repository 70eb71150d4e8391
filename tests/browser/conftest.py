"""A real browser for pages: the system's Chromium, headless, that reaches nothing but what a test allows."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="run make setup TARGET=browser")

PROJECT = Path(__file__).resolve().parents[2]
SCREENS = PROJECT / "target" / "screenshots"
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


@dataclass
class Watched:
    """A page, and what it asked for and complained about.

    Args:
        page: Playwright's page.
        requests: the addresses that it asked for, in order.
        complaints: errors of the console and of scripts.
    """

    page: "sync_api.Page"
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def outside(self, *allowed: str) -> list[str]:
        """The addresses asked for that begin with none of those allowed."""
        return [address for address in self.requests if not address.startswith((*allowed, "data:", "blob:"))]

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the whole page in the build folder."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


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
