"""What an engine says is told without the values it quotes: to a person it names places, never persons."""

import time
from pathlib import Path

import duckdb
import pytest

import conftest
import mini as mini_module
from mini import Mini
from support_kpis.engine_words import without_values
from support_kpis.land import CSV_OPTIONS

VALUES = ("SECRET", "Smith", "49151", "@", "O'B")
FAILING = {
    "select cast(name as int) from people": "Conversion Error: Could not convert string",
    "select cast(name as timestamp) from people": "when casting from source column name",
    "select cast([name] as int[]) from people": "Conversion Error",
    "select cast(name as varchar[]) from people": "cannot be cast to the destination type VARCHAR[]",
    "select cast(phone as tinyint) from people": "Type INT64 with value ... cannot be cast",
    "select cast(phone / 2.0 as decimal(4, 2)) from people": "Conversion Error",
    "select cast(phone * 1000000000 as bigint) * 4 from people": "Out of Range Error",
    "select strptime(name, '%Y') from people": "Invalid Input Error",
    "select json_extract('{' || name, '$.a') from people": "Malformed JSON",
    "create or replace temp table keys as select name from people; alter table keys add primary key (name); "
    "insert into keys select name from people": "Constraint Error",
    "select make_date(phone, 1, 1) from people": "Error",
}
# As PostgreSQL and Spark write them, by way of dbt or not.
QUOTED = {
    'Database Error in model x (models/x.sql)\n  invalid input syntax for type bigint: "SECRET Smith"\n'
    "  LINE 3: select 'SECRET'::bigint\n          ^\n  compiled code at target/x.sql": (
        'Database Error in model x (models/x.sql) invalid input syntax for type bigint: "..."'
    ),
    'duplicate key value violates unique constraint "people_key"\nDETAIL:  Key (email)=(a@b.SECRET) already '
    "exists.": 'duplicate key value violates unique constraint "people_key" (Key (email))',
    'null value in column "id" of relation "people" violates not-null constraint\nDETAIL:  Failing row '
    "contains (null, SECRET Smith, +49151).": (
        'null value in column "id" of relation "people" violates not-null constraint'
    ),
    'extra data after last expected column\nCONTEXT:  COPY customers, line 3: "c9,SECRET Smith, Jr."': (
        "extra data after last expected column (COPY customers, line 3)"
    ),
    'invalid input syntax for type bigint: "SECRET "the" Smith"\nCONTEXT:  COPY customers, line 3, column '
    'minutes: "SECRET "the" Smith"': (
        'invalid input syntax for type bigint: "..." (COPY customers, line 3, column minutes)'
    ),
    '[CAST_INVALID_INPUT] The value \'SECRET O\'Brien\' of the type "STRING" cannot be cast to "BIGINT" '
    "because it is malformed. SQLSTATE: 22018\n== SQL of VIEW x ==\ncast('SECRET' as bigint)": (
        '[CAST_INVALID_INPUT] The value "..." of the type "STRING" cannot be cast to "..." because it is '
        "malformed. SQLSTATE: 22018"
    ),
    'java.lang.NumberFormatException: For input string: "SECRET"\n\tat org.apache.spark.Cast': (
        'java.lang.NumberFormatException: For input string: "..."'
    ),
    "a note to SECRET@example.com could not be kept": "a note to ... could not be kept",
    "string 'SECRET\nLINE 1: Smith' to INT32": "string ...",
}
NAMES = [
    'Binder Error: Referenced column "nam" not found in FROM clause!',
    "Compilation Error in model x (models/x.sql) Model 'model.x' depends on a node named 'y'",
    'IO Error: No files found that match the pattern "/srv/raw/customers/*.parquet"',
    'column "nam" does not exist',
    "Got 3 results, configured to fail if != 0",
]


@pytest.mark.parametrize(("statement", "kept"), FAILING.items())
def test_values_in_the_words_of_duckdb_are_cut(statement: str, kept: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table people as select 'SECRET O''Brien \"the\" Smith' as name, 4915112345 as phone"
        )
        with pytest.raises(duckdb.Error) as failure:
            connection.execute(statement).fetchall()
    told = without_values(failure.value)
    assert kept in told
    assert not [value for value in VALUES if value in told], told


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("c9,SECRET Smith, Jr.", "Expected Number of Columns: 2 Found: 3"),
        ('c9,"SECRET" Smith', "Value with unterminated quote found"),
        ("SECRET file = Smith", "Expected Number of Columns: 2 Found: 1"),
    ],
)
def test_a_csv_row_is_told_by_file_and_line(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id,name\n" + "c1,Jane\n" * 5000 + row + "\n")
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as failure:
        connection.execute(f"select count(columns(*)) from read_csv('{path}', {CSV_OPTIONS})").fetchall()
    assert without_values(failure.value) == (
        f'Invalid Input Error: CSV Error on Line: 5002, {reason}, file "{path}"'
    )


def test_parts_of_a_folder_that_disagree_are_told_by_file_and_column(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy (select ['a'] as name) to '{tmp_path}/a.parquet'")
        connection.execute(f"copy (select 'SECRET Smith' as name) to '{tmp_path}/b.parquet'")
        with pytest.raises(duckdb.Error) as failure:
            connection.execute(f"select * from read_parquet('{tmp_path}/*.parquet')").fetchall()
    told = without_values(failure.value)
    assert f'file "{tmp_path}/b.parquet"' in told and 'column "name"' in told
    assert not [value for value in VALUES if value in told], told


@pytest.mark.parametrize(("words", "told"), QUOTED.items())
def test_values_in_the_words_of_other_engines_are_cut(words: str, told: str) -> None:
    assert without_values(words) == told


@pytest.mark.parametrize("words", NAMES)
def test_names_and_counts_stay(words: str) -> None:
    assert without_values(words) == words


def test_words_of_the_operating_system_stay() -> None:
    assert without_values(OSError(28, "No space left on device", "/srv/x")).endswith("'/srv/x'")


def test_rows_of_a_failed_test_are_told_without_personal_columns(tmp_path: Path) -> None:
    mini = mini_module.make(tmp_path)
    contract = mini.project / "models/staging/helpdesk/_helpdesk__tickets.yml"
    contract.write_text(contract.read_text().replace("{required: true}", "{required: true, pii: true}", 1))
    (mini.project / "tests").mkdir()
    (mini.project / "tests/assert_short.sql").write_text(
        "select ticket_id, minutes from {{ ref('fct_tickets') }} where minutes > 900"
    )
    mini.feed("SECRET,2025-01-01,901")
    outcome = mini.refresh("--json")
    assert outcome.code == 1
    assert "Test assert_short failed: 1 row(s) of fct_tickets. For example minutes 901." in outcome.err
    assert "SECRET" not in outcome.out + outcome.err + mini.run_log.read_text()


def await_build(mini: Mini) -> None:
    """Wait until the raw files are checked, and the build has begun."""
    end = time.monotonic() + 60
    while not (mini.run_log.exists() and '"stage": "build"' in mini.run_log.read_text()):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_file_that_changes_while_it_is_read_is_named_as_the_cause_and_told_without_its_rows(
    tmp_path: Path,
) -> None:
    mini = mini_module.make(tmp_path)
    process = conftest.start(*mini.arguments("--json"), **mini.variables())
    await_build(mini)
    mini.feed("a,2025-01-01,SECRET Smith")
    out, err = process.communicate(timeout=120)
    told = conftest.Outcome(process.returncode, out, err).json()
    assert process.returncode == 1
    assert told["message"].startswith(f"{mini.raw}/tickets.csv changed while the refresh read the raw files")
    assert "Model stg_helpdesk__tickets failed: " in told["message"]
    assert "Nothing was published" in told["message"]
    status = conftest.run("status", "--warehouse-dir", mini.warehouse, "--json", **mini.variables())
    assert status.json()["runs"][0]["message"] == told["message"]
    for text in (out, err, mini.run_log.read_text(), status.out):
        assert "SECRET" not in text


def test_a_file_that_changes_and_can_be_read_costs_a_word(tmp_path: Path) -> None:
    mini = mini_module.make(tmp_path)
    process = conftest.start(*mini.arguments("--json"), **mini.variables())
    await_build(mini)
    mini.feed_many(101)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert f"Warning: {mini.raw}/tickets.csv changed while the refresh read the raw files" in err
    assert any("changed while" in note for note in conftest.Outcome(0, out, err).json()["notes"])
