"""Settings come from the command line, then the environment, then the default, and are checked."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse
from support_kpis.settings import (
    Settings,
    find_project,
    parse_timestamp,
    project_vars,
    resolve_settings,
    warehouse_at,
)
from support_kpis.variables import unknown_note


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("SUPPORT_KPIS_"):
            monkeypatch.delenv(name)


def resolved(project_dir: Path, tmp_path: Path, **given_: object) -> Settings:
    return resolve_settings(warehouse=Warehouse(tmp_path), project_dir=project_dir, **given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-31", datetime(2025, 3, 31)),
        ("2025-03-31T23:59", datetime(2025, 3, 31, 23, 59)),
        ("2025-03-31 23:59:58", datetime(2025, 3, 31, 23, 59, 58)),
        ("2025-03-31T23:59:58.999", datetime(2025, 3, 31, 23, 59, 58)),
        ("2025-03-31T23:59:58Z", datetime(2025, 3, 31, 23, 59, 58)),
        ("2025-03-31T23:59:58+02:00", datetime(2025, 3, 31, 21, 59, 58)),
        ("2025-03-31T23:59-0330", datetime(2025, 4, 1, 3, 29)),
        ("2025-03-31T23:59+02", datetime(2025, 3, 31, 21, 59)),
    ],
)
def test_timestamps_are_read_as_the_contract_says(text: str, instant: datetime) -> None:
    assert parse_timestamp(text) == instant


@pytest.mark.parametrize(
    "text",
    ["", "today", "31.03.2025", "2025-02-30", "2025-03-31T24:00", "2025-3-1", "2025-03-31T1:00", "20250331"],
)
def test_nothing_else_is_a_timestamp(text: str) -> None:
    with pytest.raises(ValueError):
        parse_timestamp(text)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)))
def test_iso_text_comes_back_cut_to_the_second(instant: datetime) -> None:
    assert parse_timestamp(instant.isoformat()) == instant.replace(microsecond=0)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AS_OF", "yesterday", "as_of 'yesterday' is no timestamp"),
        ("TARGET", "oracle", "no target 'oracle'"),
        ("REPORTING_TIME_ZONE", "Europe/Pariss", "no IANA time zone"),
        ("REPORTING_TIME_ZONE", "../etc/passwd", "no IANA time zone"),
        # Python finds these among the system's files, the engines do not.
        ("REPORTING_TIME_ZONE", "posix/Europe/Berlin", "no IANA time zone"),
        ("REPORTING_TIME_ZONE", "localtime", "no IANA time zone"),
        ("REPORTING_CURRENCY", "dollars", "three letters"),
        ("FCR_WINDOW_DAYS", "7.5", "whole number of days"),
        ("INFLUENCE_WINDOW_DAYS", "0", "whole number of days"),
        ("ACTIVITY_WINDOW_DAYS", "-3", "whole number of days"),
        ("CX_WEIGHTS", "0.4, 0.3", "add up to 1"),
        ("CX_WEIGHTS", "0.4, 0.3, 0.4", "add up to 1"),
        ("CX_WEIGHTS", "1.5, -0.2, -0.3", "add up to 1"),
        ("CX_WEIGHTS", "a, b, c", "add up to 1"),
        ("CX_WEIGHTS", "nan, 0.5, 0.5", "add up to 1"),
        ("PUBLISH_COMMENTS", "maybe", "use true or false"),
        (
            "AS_OF",
            "2100-01-01",
            "as_of '2100-01-01' is out of reach: name an instant in the years 1900 to",
        ),
        ("AS_OF", "1900-01-01T00:30+01:00", "is out of reach"),
        ("AS_OF", "9999-12-31", "is out of reach"),
        ("AS_OF", "0001-01-01", "is out of reach"),
        ("AS_OF", "0001-01-01T00:00:00+01:00", "is no timestamp"),
        ("MEMORY_LIMIT", "lots", "SUPPORT_KPIS_MEMORY_LIMIT is 'lots', which DuckDB cannot take: "),
        ("MEMORY_LIMIT", "4", "a size with its unit, like 4GB"),
    ],
)
def test_bad_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"SUPPORT_KPIS_{name}", value)
    with pytest.raises(WrongUse) as raised:
        resolved(project_dir, tmp_path)
    assert words in str(raised.value)
    assert raised.value.exit_code == 2
    assert "\n" not in str(raised.value)


def test_a_folder_that_duckdb_cannot_take_is_refused(project_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="question mark"):
        resolved(project_dir, tmp_path / "what?")
    with pytest.raises(WrongUse, match=r"c# wh holds a number sign \(#\): choose a plain name"):
        resolved(project_dir, tmp_path / "c# wh")


def test_a_currency_is_handed_on_in_capital_letters(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUPPORT_KPIS_REPORTING_CURRENCY", "usd")
    found = resolved(project_dir, tmp_path)
    assert found.options["reporting_currency"] == "USD"
    assert found.dbt_environment("000007")["SUPPORT_KPIS_REPORTING_CURRENCY"] == "USD"


def test_a_misspelt_variable_is_told_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_KPIS_FCR_WINDOW_DAYS", "3")
    assert unknown_note() is None
    monkeypatch.setenv("SUPPORT_KPIS_FCR_WINDOW", "4711")
    note = str(unknown_note())
    assert note.startswith("SUPPORT_KPIS_FCR_WINDOW is set, but there is no such setting")
    assert "4711" not in note


def test_settings_at_their_bounds_are_taken(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path
) -> None:
    assert resolved(project_dir, tmp_path, as_of="1900-01-01").as_of == datetime(1900, 1, 1)
    last = "2099-12-31T23:59:59"
    assert resolved(project_dir, tmp_path, as_of=last).as_of == datetime(2099, 12, 31, 23, 59, 59)
    for limit in ("4GB", "1.5 GiB", "500mb", ""):
        monkeypatch.setenv("SUPPORT_KPIS_MEMORY_LIMIT", limit)
        resolved(project_dir, tmp_path)


def test_the_command_line_wins_over_the_environment(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUPPORT_KPIS_AS_OF", "2020-01-01")
    monkeypatch.setenv("SUPPORT_KPIS_RAW_DIR", "/environment")
    monkeypatch.setenv("SUPPORT_KPIS_REPORTING_TIME_ZONE", "Asia/Kolkata")
    found = resolved(project_dir, tmp_path, as_of="2021-02-03T04:05:06+01:00", raw_dir=tmp_path / "raw")
    assert found.as_of == datetime(2021, 2, 3, 3, 5, 6)
    assert found.raw_dir == tmp_path / "raw"
    environment = found.dbt_environment("000007")
    assert environment["SUPPORT_KPIS_AS_OF"] == "2021-02-03T03:05:06"
    assert environment["SUPPORT_KPIS_RAW_DIR"] == str(tmp_path / "raw")
    assert environment["SUPPORT_KPIS_RUN_ID"] == "000007"
    assert environment["SUPPORT_KPIS_REPORTING_TIME_ZONE"] == "Asia/Kolkata"
    assert environment["DO_NOT_TRACK"] == "1"


def test_a_folder_on_the_command_line_takes_the_place_of_a_schema(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUPPORT_KPIS_RAW_SCHEMA", "landing")
    assert resolved(project_dir, tmp_path).raw_schema == "landing"
    assert resolved(project_dir, tmp_path, raw_dir=tmp_path).raw_schema is None
    monkeypatch.setenv("SUPPORT_KPIS_RAW_DIR", str(tmp_path))
    with pytest.raises(WrongUse, match="Both raw_dir"):
        resolved(project_dir, tmp_path)


def test_relative_folders_are_taken_from_where_the_command_runs(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert warehouse_at(Path("w"), project_dir).root == tmp_path / "w"
    assert warehouse_at(None, project_dir).root == project_dir / "warehouse"
    monkeypatch.setenv("SUPPORT_KPIS_WAREHOUSE_DIR", "elsewhere")
    assert warehouse_at(None, project_dir).root == tmp_path / "elsewhere"


def test_vars_of_the_project_are_read(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(
        "name: support_kpis\nvars:\n  as_of: 2024-01-01\n  support_kpis:\n    fcr_window_days: 14\n"
    )
    assert project_vars(tmp_path) == {"as_of": "2024-01-01", "fcr_window_days": "14"}


def test_the_project_is_found_from_anywhere(
    monkeypatch: pytest.MonkeyPatch, project_dir: Path, tmp_path: Path
) -> None:
    assert find_project(project_dir / "models") == project_dir
    assert find_project(tmp_path) == project_dir  # the checkout that the package lies in
    monkeypatch.setenv("SUPPORT_KPIS_PROJECT_DIR", str(tmp_path))
    with pytest.raises(WrongUse, match="SUPPORT_KPIS_PROJECT_DIR"):
        find_project()
