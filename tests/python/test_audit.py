"""The audit finds what is planted, compares only what can be compared, and leaves a report."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from support_kpis.audit import audit_candidate, choose_baseline, failure_message, load_suites
from support_kpis.engines.duckdb_files import DuckDbFiles
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse
from support_kpis.runs import PUBLISHED, PublishedRun, Run
from support_kpis.settings import Settings
from support_kpis.suite_columns import bring_into_step, published_columns

RUN = "000009"
COLUMNS = {"thing_id": "VARCHAR", "amount": "BIGINT", "made_at": "TIMESTAMP"}
SUITE: dict[str, Any] = {
    "name": "fct_things",
    "meta": {"columns": COLUMNS},
    "expectations": [
        {
            "type": "expect_table_row_count_to_be_between",
            "kwargs": {"min_value": {"$PARAMETER": "rows_min"}},
            "meta": {
                "from_last_build": {"rows_min": "select cast(count(*) * 0.5 as bigint) from marts.fct_things"}
            },
            "notes": "Half of the rows may not go.",
        },
        {
            "type": "expect_column_max_to_be_between",
            "kwargs": {"column": "made_at", "min_value": {"$PARAMETER": "latest"}},
            "meta": {"from_last_build": {"latest": "select max(made_at) from marts.fct_things"}},
            "notes": "Never older.",
        },
        {
            "type": "expect_column_mean_to_be_between",
            "kwargs": {"column": "amount", "min_value": 0, "max_value": {"$PARAMETER": "most"}},
            "meta": {"from_candidate": {"most": "select max(amount) from marts.fct_things"}},
        },
    ],
}
SOUND = (
    "select range::varchar as thing_id, range as amount, timestamp '2025-01-31' as made_at from range({n})"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations/fct_things.json").write_text(json.dumps(SUITE))
    return Settings(project_dir=tmp_path, warehouse=Warehouse(tmp_path / "warehouse"))


def marts(path: Path, query: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.fct_things as {query}")
    return path


def test_a_first_build_is_checked_for_shape_and_leaves_a_report(settings: Settings, tmp_path: Path) -> None:
    candidate = marts(settings.warehouse.candidate(RUN), SOUND.format(n=100))
    baseline = choose_baseline(settings, False, None)
    assert not baseline.comparable
    result = audit_candidate(settings, DuckDbFiles(settings.warehouse), RUN, {"fct_things": 100}, baseline)
    assert result.failures == ()
    assert (result.checked, result.waiting) == (3, 2)
    report = settings.warehouse.data_docs_dir
    assert "fct_things" in (report / "index.html").read_text()
    assert list((report / "validations").rglob("*.html"))
    with duckdb.connect(str(candidate)) as connection:  # nothing holds the candidate open
        connection.execute("create table marts.more as select 1 as one")


def last_run(settings: Settings, **changes: Any) -> PublishedRun:
    run = Run("000001", datetime(2025, 2, 1), status=PUBLISHED, as_of=datetime(2025, 1, 31))
    known = PublishedRun(run, settings.source, {})
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("query", "table_failed", "words"),
    [
        (SOUND.format(n=20), "expect_table_row_count_to_be_between", "observed 20, expected min_value 50"),
        (
            SOUND.format(n=100).replace("2025-01-31", "2025-01-30"),
            "expect_column_max_to_be_between",
            "observed 2025-01-30",
        ),
        (
            SOUND.format(n=100).replace("range as amount", "range::varchar as amount"),
            "unexpected_rows_expectation",
            "observed 1 rows, amount VARCHAR, expected no row where a column has another type",
        ),
        ("select made_at, thing_id, amount from (" + SOUND.format(n=100) + ")", "ordered_list", ""),
        ("select *, 1 as extra from (" + SOUND.format(n=100) + ")", "ordered_list", ""),
    ],
)
def test_what_is_planted_is_found(
    settings: Settings, tmp_path: Path, query: str, table_failed: str, words: str
) -> None:
    published = marts(settings.warehouse.published_database, SOUND.format(n=100))
    baseline = choose_baseline(settings, published.is_file(), last_run(settings))
    assert baseline.comparable
    marts(settings.warehouse.candidate(RUN), query)
    result = audit_candidate(settings, DuckDbFiles(settings.warehouse), RUN, {"fct_things": 100}, baseline)
    assert any(table_failed in failure.expectation for failure in result.failures), result.failures
    message = failure_message(result, settings)
    assert "Expectation failed on fct_things" in message
    assert words in message
    assert "--full-refresh" in message
    assert "Nothing was published" in message


def test_an_unchanged_build_passes_its_comparison(settings: Settings, tmp_path: Path) -> None:
    published = marts(settings.warehouse.published_database, SOUND.format(n=100))
    marts(settings.warehouse.candidate(RUN), SOUND.format(n=100))
    baseline = choose_baseline(settings, published.is_file(), last_run(settings))
    result = audit_candidate(settings, DuckDbFiles(settings.warehouse), RUN, {"fct_things": 100}, baseline)
    assert (result.failures, result.waiting, result.checked) == ((), 0, 5)


def test_a_table_that_is_gone_is_a_failure(settings: Settings, tmp_path: Path) -> None:
    marts(settings.warehouse.candidate(RUN), SOUND.format(n=1))
    other = {**SUITE, "name": "fct_gone"}
    (tmp_path / "expectations/fct_gone.json").write_text(json.dumps(other))
    baseline = choose_baseline(settings, False, None)
    result = audit_candidate(settings, DuckDbFiles(settings.warehouse), RUN, {"fct_things": 1}, baseline)
    assert [failure.table for failure in result.failures] == ["fct_gone"]
    assert "was not built" in failure_message(result, settings) or "no such table" in failure_message(
        result, settings
    )


def test_builds_that_differ_on_purpose_are_not_compared(settings: Settings, tmp_path: Path) -> None:
    published = marts(settings.warehouse.published_database, SOUND.format(n=1))
    last = last_run(settings)
    for changed, words in [
        (replace(settings, full_refresh=True), "--full-refresh"),
        (replace(settings, raw_dir=tmp_path), "read the sample seeds"),
        (replace(settings, options={"reporting_time_zone": "Asia/Tokyo"}), "reporting_time_zone"),
        (replace(settings, as_of=datetime(2024, 1, 1)), "as_of is set back"),
    ]:
        baseline = choose_baseline(changed, published.is_file(), last)
        assert not baseline.comparable
        assert words in baseline.reason
    later = replace(settings, as_of=datetime(2026, 1, 1))
    assert choose_baseline(later, published.is_file(), last).comparable


def test_a_suite_that_is_none_is_named(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "expectations/fct_things.json"
    for text in ("{", "{}", '{"name": "other", "meta": {"columns": {}}, "expectations": []}'):
        path.write_text(text)
        with pytest.raises(WrongUse, match=r"fct_things\.json is no suite"):
            load_suites(tmp_path)
    path.unlink()
    with pytest.raises(WrongUse, match="No suite is in"):
        load_suites(tmp_path)


def test_every_published_table_has_a_suite_with_its_columns(project_dir: Path) -> None:
    suites = load_suites(project_dir)
    models = published_columns(project_dir)
    assert sorted(suites) == sorted(models)
    for name, columns in models.items():
        named = list(suites[name]["meta"]["columns"].items())
        assert named == list(columns.items()), f"{name}: run python -m support_kpis.suite_columns"


def test_suites_are_brought_into_step_with_the_models(project_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(project_dir / "models", tmp_path / "models")
    shutil.copytree(project_dir / "expectations", tmp_path / "expectations")
    assert bring_into_step(tmp_path) == []
    path = tmp_path / "expectations/dim_teams.json"
    path.write_text(path.read_text().replace('"tier": "BIGINT",', ""))
    (tmp_path / "expectations/dim_topics.json").unlink()
    assert bring_into_step(tmp_path) == ["dim_teams", "dim_topics"]
    assert path.read_text() == (project_dir / "expectations/dim_teams.json").read_text()
    assert "dim_topics" in load_suites(tmp_path)


def test_every_expectation_of_the_project_says_why(project_dir: Path) -> None:
    for path in sorted((project_dir / "expectations").glob("*.json")):
        suite = json.loads(path.read_text())
        assert suite["notes"], path
        for expectation in suite["expectations"]:
            assert len(expectation["notes"]) > 40, (path, expectation)
            asked = {
                value["$PARAMETER"] for value in expectation["kwargs"].values()
                if isinstance(value, dict) and "$PARAMETER" in value
            }  # fmt: skip
            meta = expectation.get("meta", {})
            given = {**meta.get("from_candidate", {}), **meta.get("from_last_build", {})}
            assert asked == set(given), (path, asked, set(given))


def test_no_expectation_repeats_a_test_of_dbt(project_dir: Path) -> None:
    owned_by_dbt = {
        "expect_column_values_to_be_unique",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_in_set",
        "expect_compound_columns_to_be_unique",
    }
    for path in sorted((project_dir / "expectations").glob("*.json")):
        types = {expectation["type"] for expectation in json.loads(path.read_text())["expectations"]}
        assert not types & owned_by_dbt, path
