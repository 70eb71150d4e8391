"""The documents name what exists (links, make targets, commands, options, settings), and every setting."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from conftest import PROJECT
from support_kpis.variables import VARIABLES

PAGES = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("benchmarks/*.md")]
SETTINGS_PAGE = PROJECT / "docs" / "settings.md"
VARIABLE = re.compile(r"SUPPORT_KPIS_[A-Z_]*[A-Z]")
# What the driver tells dbt and Superset itself; nobody sets them by hand.
INTERNAL = {"SUPPORT_KPIS_MARTS_SCHEMA", "SUPPORT_KPIS_RUN_ID"}
INTERNAL |= {"SUPPORT_KPIS_DASHBOARD_HOME", "SUPPORT_KPIS_DASHBOARD_MARTS"}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def by_name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def headings(path: Path) -> set[str]:
    """The addresses of a page's headings, as a code host makes them."""
    titles = re.findall(r"^#+ (.+)$", read(path), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-") for title in titles}


@cache
def variables_read() -> set[str]:
    """The environment variables that the code reads, whole names only."""
    folders = ("src", "profiles", "macros", "models", "dashboards")
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.is_file()]
    found = {
        name
        for path in files
        if path.suffix in {".py", ".sql", ".yml"}
        for name in re.findall(r"SUPPORT_KPIS_[A-Z_]*[A-Z](?![A-Z_*])", read(path))
    }
    return found | {f"SUPPORT_KPIS_{name.upper()}" for name in defaults()}


@cache
def defaults() -> dict[str, str]:
    """The settings of the models with their defaults."""
    listed = read(PROJECT / "macros/settings/setting.sql").partition("defaults = {")[2].partition("}")[0]
    return {name: value.strip("'") for name, value in re.findall(r"'(\w+)': ('[^']*'|\d+)", listed)}


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if target.startswith("http"):
            continue
        file, _, heading = target.partition("#")
        path = page.parent / file if file else page
        assert path.exists(), target
        assert not heading or heading in headings(path), target


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_make_knows_what_is_asked_of_it(page: Path) -> None:
    known = set(re.findall(r"^([a-z-]+):", read(PROJECT / "Makefile"), re.MULTILINE))
    named = re.findall(r"(?:^|`)make ([a-z][a-z-]*)", read(page), re.MULTILINE)
    assert not set(named) - known


def test_every_setting_has_its_row_with_its_default() -> None:
    assert len(defaults()) > 10
    rows = dict(re.findall(r"^\| `SUPPORT_KPIS_(\w+)` \| (.+?) \|", read(SETTINGS_PAGE), re.MULTILINE))
    for name, value in defaults().items():
        variable = f"SUPPORT_KPIS_{name.upper()}"
        if variable not in INTERNAL:
            assert name.upper() in rows, f"docs/settings.md says nothing of {variable}"
            assert not value or rows[name.upper()] == f"`{value}`"


def test_every_variable_is_on_a_page_and_none_is_made_up() -> None:
    told: set[str] = set()
    for page in PAGES:
        for line in read(page).splitlines():
            told |= set(VARIABLE.findall(line))
            # `SUPPORT_KPIS_POSTGRES_HOST`, `_PORT`: the same beginning.
            begun = re.search(r"(SUPPORT_KPIS_[A-Z]+_)[A-Z_]+`, `_[A-Z]", line)
            told |= {begun[1] + end for end in re.findall(r"`_([A-Z_]+)`", line)} if begun else set()
    assert not variables_read() - INTERNAL - told
    assert not told - variables_read() - {"SUPPORT_KPIS_POSTGRES", "SUPPORT_KPIS_SPARK"}


def test_the_driver_knows_every_variable_that_is_read() -> None:
    assert variables_read() == VARIABLES


def test_commands_and_options_are_those_of_the_program() -> None:
    """What stands after support-kpis in a block or between backticks, up to the end of the line."""
    helps: dict[str, str] = {}
    wrong = []
    for page in PAGES:
        for command, rest in re.findall(r"support-kpis ([a-z]+)([^`\n#|]*)", "\n".join(code_of(page))):
            if command not in helps:
                call = [sys.executable, "-m", "support_kpis", command, "--help"]
                helps[command] = subprocess.run(call, capture_output=True, text=True, check=False).stdout
            unknown = [
                option
                for option in re.findall(r"(?<!\S)--[a-z-]+", rest)
                if command != "mf" and option not in helps[command]
            ]
            if unknown or "Usage" not in helps[command]:
                wrong.append((by_name(page), command, unknown))
    assert len(helps) > 5
    assert not wrong


def code_of(page: Path) -> list[str]:
    """The blocks and the spans of code of a page."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", read(page), re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", read(page), flags=re.MULTILINE | re.DOTALL)
    return [*blocks, *re.findall(r"`([^`\n]+)`", prose)]
