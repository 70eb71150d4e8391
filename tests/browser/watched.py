"""A page in a browser, and what it asked for and complained about."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

SCREENS = Path(__file__).resolve().parents[2] / "target" / "screenshots"


@dataclass
class Watched:
    """A page, and what it asked for and complained about.

    Args:
        page: Playwright's page.
        requests: the addresses that it asked for, in order.
        complaints: errors of the console and of scripts.
    """

    page: Page
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
