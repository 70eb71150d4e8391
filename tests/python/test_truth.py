"""The marts of the sample equal what the simulator knows to be true, to the row.

The truth was written while the operation was made up; nothing of the warehouse's SQL took part in it.
"""

from collections.abc import Iterator

import duckdb
import pytest

import conftest

TRUTH = conftest.PROJECT / "tests" / "data" / "sample_truth"
# How the text of truth and the types of the marts are brought to the same words.
_CANONICAL = {
    "DECIMAL": "cast(cast({column} as decimal(28, 4)) as varchar)",
    "DOUBLE": "cast(round(cast({column} as double), 9) as varchar)",
    "BIGINT": "cast(cast({column} as bigint) as varchar)",
    "INTEGER": "cast(cast({column} as bigint) as varchar)",
    "BOOLEAN": "cast(cast({column} as boolean) as varchar)",
    "TIMESTAMP": "cast(cast({column} as timestamp) as varchar)",
    "DATE": "cast(cast({column} as date) as varchar)",
    "VARCHAR": "{column}",
}


@pytest.fixture(scope="module")
def books(sample: conftest.Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published marts (catalogue `built`) and the truth (tables of `memory`, all text)."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample.published}' as built (read_only)")
        for path in TRUTH.glob("*.csv"):
            connection.execute(
                f"create table {path.stem} as from read_csv('{path}', all_varchar = true, header = true)"
            )
        yield connection


def columns(books: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in books.execute(f"describe from {relation}").fetchall()}


def differences(
    books: duckdb.DuckDBPyConnection, mart: str, truth: str, keys: list[str], where: str = "true"
) -> tuple[int, list[tuple[object, ...]]]:
    """Rows of a mart, and a few rows that only one of the two has, over the columns that both have."""
    types = columns(books, f"built.marts.{mart}")
    shared = [name for name in columns(books, truth) if name in types]
    assert set(keys) <= set(shared)
    listed = ", ".join(
        f"{_CANONICAL[types[name].split('(')[0]].format(column=_person(name, 'built'))} as {name}"
        for name in shared
    )
    known = ", ".join(
        f"{_CANONICAL[types[name].split('(')[0]].format(column=_person(name, 'truth'))} as {name}"
        for name in shared
    )
    scope = "where built.raw_table in (select raw_table from exclusions)" if mart == "ops_exclusions" else ""
    books.execute(
        f"create or replace temp table one as select {listed} from built.marts.{mart} as built {scope}"
    )
    books.execute(f"create or replace temp table two as select {known} from {truth} as truth where {where}")
    found = books.execute(
        "select 'only in the mart' as side, * from (from one except all from two) union all "
        "select 'only in truth', * from (from two except all from one) order by 2, 1"
    ).fetchall()
    count = books.execute("select count(*) from one").fetchone()
    assert count is not None
    return int(count[0]), found[:6]


def _person(column: str, side: str) -> str:
    """A customer's id as the marts publish it: the survivor's, and one word for those that were erased."""
    if column not in ("customer_id", "author_id"):
        return f"{side}.{column}"
    if side == "built":
        return f"case when built.{column} like 'erased-%' then 'erased' else built.{column} end"
    return (
        "coalesce((select case when customers.is_erased = 'true' then 'erased' "
        "else customers.surviving_customer_id end from customers "
        f"where customers.customer_id = truth.{column}), truth.{column})"
    )


@pytest.mark.parametrize(
    ("mart", "truth", "keys", "where"),
    [
        ("fct_tickets", "tickets", ["ticket_id"], "truth.exclusion_reason is null"),
        ("fct_interactions", "interactions", ["interaction_id"], "true"),
        ("fct_ticket_status_spans", "status_spans", ["ticket_id", "starts_at"], "true"),
        ("fct_escalations", "escalations", ["ticket_id", "escalated_at"], "true"),
        ("fct_survey_responses", "survey_responses", ["response_id"], "true"),
        ("fct_employee_survey_responses", "employee_surveys", ["response_id"], "true"),
        ("fct_orders", "orders", ["order_id"], "true"),
        ("ops_reconciliation", "verdicts", ["raw_table"], "true"),
        ("ops_exclusions", "exclusions", ["raw_table", "reason"], "true"),
    ],
)
def test_mart_equals_truth(
    books: duckdb.DuckDBPyConnection, mart: str, truth: str, keys: list[str], where: str
) -> None:
    count, different = differences(books, mart, truth, keys, where)
    assert different == []
    assert count > 0


def test_quarantine_holds_exactly_the_planted_faults(books: duckdb.DuckDBPyConnection) -> None:
    different = books.execute(
        """
        with rejected as (
            select raw_table, coalesce(raw_key, '') as raw_key, reason, count(*) as rows_count
            from built.marts.ops_quarantine
            group by all
        ),

        faulty as (
            select
                raw_table, coalesce(raw_key, '') as raw_key, reason,
                sum(cast(rows_count as bigint)) as rows_count
            from faults
            group by all
        ),

        -- An erased customer stands there under a pseudonym: of keys on one side only the number counts.
        found as (
            select raw_table, if(pseudonymous, '', raw_key) as raw_key, reason, sum(rows_count) as rows_count
            from (select *, raw_table = 'customers' and raw_key like 'erased-%' as pseudonymous from rejected)
            group by all
        ),

        planted as (
            select raw_table, if(unknown, '', raw_key) as raw_key, reason, sum(rows_count) as rows_count
            from (
                select
                    *,
                    raw_table = 'customers'
                    and raw_key not in (select raw_key from rejected where raw_table = 'customers') as unknown
                from faulty
            )
            group by all
        )

        select coalesce(found.raw_table, planted.raw_table), coalesce(found.raw_key, planted.raw_key),
            coalesce(found.reason, planted.reason), found.rows_count, planted.rows_count
        from found
        full join planted using (raw_table, raw_key, reason)
        where found.rows_count is distinct from planted.rows_count
        order by 1, 2, 3
        limit 10
        """
    ).fetchall()
    assert different == []
    reasons = books.execute("select count(distinct reason) from built.marts.ops_quarantine").fetchone()
    assert reasons is not None and reasons[0] >= 15


def test_every_table_balances(books: duckdb.DuckDBPyConnection) -> None:
    off = books.execute(
        "select raw_table from built.marts.ops_reconciliation where not is_balanced or raw_count <> "
        "accepted_count + duplicate_count + superseded_count + quarantined_count"
    ).fetchall()
    assert off == []


def test_nothing_personal_is_published(sample: conftest.Built) -> None:
    """No name, address, phone number, body or comment of the raw input is anywhere in the published file."""
    seeds = conftest.PROJECT / "seeds" / "sample"
    personal = {
        "customers": ("name", "email", "phone"),
        "agents": ("name", "email"),
        "interactions": ("body",),
        "survey_responses": ("comment",),
        "employee_survey_responses": ("comment",),
    }
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample.published}' as built (read_only)")
        union = " union ".join(
            f"select {column} as word "
            f"from read_csv('{seeds}/raw_{table}.csv', all_varchar = true, header = true)"
            for table, names in personal.items()
            for column in names
        )
        connection.execute(f"create table words as from ({union}) where length(word) >= 5")
        counted = connection.execute("select count(*) from words").fetchone()
        assert counted is not None and counted[0] > 1000
        texts = connection.execute(
            "select table_name, column_name from duckdb_columns() where database_name = 'built' and "
            "schema_name = 'marts' and data_type = 'VARCHAR'"
        ).fetchall()
        for table, column in texts:
            leaks = connection.execute(
                f"select {column} from built.marts.{table} where {column} in (select word from words) limit 3"
            ).fetchall()
            assert leaks == [], (table, column)
        emails = connection.execute(
            "select raw_record from built.marts.ops_quarantine "
            "where regexp_matches(raw_record, '[a-z]@[a-z]') limit 3"
        ).fetchall()
        assert emails == []
