"""Draw the pictures of the README: the way a row takes, the scorecard in a terminal, and the report.

Run ``python docs/images/make_pictures.py [WAREHOUSE_DIR]`` after a refresh; the report needs make setup TARGET=browser and Chromium.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
STATIONS = [
    ("raw", "22 tables: sample seeds,\nfiles or a raw schema"),
    ("staging", "read into types,\nnothing joined"),
    ("gate", "accepted, duplicate,\nsuperseded, quarantined"),
    ("intermediate", "timelines, clocks,\ncontacts, promises"),
    ("marts", "dimensions, facts,\nKPI scorecard"),
    ("audit", "dbt tests, then\nGreat Expectations"),
    ("published", "one file, replaced\nin one step"),
]
SIDE = ("ops_quarantine", "every rejected row, with its reason")
WIDTH, HEIGHT, GAP = 142, 74, 20


def flow() -> str:
    """The stations of a row, from left to right, as SVG."""
    total = len(STATIONS) * (WIDTH + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} 200" font-family="sans-serif" role="img"'
        ' aria-label="A row goes from the raw tables through staging, gate, intermediate models, marts and audit'
        ' into the published file; rejected rows go to ops_quarantine.">',
        f'<rect width="{total}" height="200" fill="#ffffff"/>',
    ]
    for place, (name, text) in enumerate(STATIONS):
        left = GAP + place * (WIDTH + GAP)
        fill = {"gate": "#fde8d0", "published": "#d8f0dd"}.get(name, "#e6eef8")
        parts.append(
            f'<rect x="{left}" y="24" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="{fill}" stroke="#43556b"/>'
            f'<text x="{left + WIDTH / 2}" y="46" text-anchor="middle" font-size="14" font-weight="bold"'
            f' fill="#1c2733">{name}</text>'
        )
        for number, line in enumerate(text.splitlines()):
            parts.append(
                f'<text x="{left + WIDTH / 2}" y="{66 + 15 * number}" text-anchor="middle" font-size="10.5"'
                f' fill="#1c2733">{html.escape(line)}</text>'
            )
        if place:
            parts.append(
                f'<path d="M{left - GAP} 61 h{GAP - 7}" stroke="#43556b" stroke-width="2"/>'
                f'<path d="M{left - 8} 56 l8 5 l-8 5 z" fill="#43556b"/>'
            )
    gate = GAP + 2 * (WIDTH + GAP) + WIDTH / 2
    parts.append(
        f'<path d="M{gate} 98 v34" stroke="#a2521a" stroke-width="2"/>'
        f'<path d="M{gate - 5} 130 l5 9 l5 -9 z" fill="#a2521a"/>'
        f'<rect x="{gate - 130}" y="140" width="260" height="44" rx="8" fill="#fde8d0" stroke="#a2521a"/>'
        f'<text x="{gate}" y="158" text-anchor="middle" font-size="13" font-weight="bold" fill="#1c2733">{SIDE[0]}</text>'
        f'<text x="{gate}" y="175" text-anchor="middle" font-size="10.5" fill="#1c2733">{SIDE[1]}</text></svg>'
    )
    return "\n".join(parts) + "\n"


def terminal(warehouse: str) -> str:
    """What ``support-kpis kpis`` prints of a warehouse, as SVG."""
    command = ["support-kpis", "kpis", "--period", "month"]
    for key in (
        "tickets_created",
        "first_response_minutes_median",
        "resolution_minutes_median",
        "fcr_rate",
        "escalation_rate",
        "csat_score",
        "nps",
        "ces_mean",
        "customer_retention_rate",
    ):
        command += ["--kpi", key]
    printed = subprocess.run(
        [*command, "--warehouse-dir", warehouse], capture_output=True, text=True, check=True
    ).stdout
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(Text(printed.rstrip()))
    picture = console.export_svg(title="support-kpis kpis --period month", font_aspect_ratio=0.61)
    # The fonts would be fetched from elsewhere; any monospaced one will do.
    return re.sub(r"<!--.*?-->|@font-face\s*{[^}]*}", "", picture, flags=re.DOTALL)


def report(warehouse: str) -> bytes:
    """The head of the report and its first cards, as PNG."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, device_scale_factor=0.65)
        page.goto((Path(warehouse) / "report.html").absolute().as_uri())
        picture = page.screenshot()
        browser.close()
    return picture


def main() -> None:
    """Write the pictures beside this script."""
    (HERE / "flow.svg").write_text(flow(), encoding="utf-8")
    warehouse = sys.argv[1] if len(sys.argv) > 1 else "warehouse"
    (HERE / "kpis.svg").write_text(terminal(warehouse), encoding="utf-8")
    (HERE / "report.png").write_bytes(report(warehouse))


if __name__ == "__main__":
    main()
