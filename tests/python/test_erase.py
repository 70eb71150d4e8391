"""Erasure in kept builds reaches a customer's id everywhere, and nobody else's that is spelled alike."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from conftest import PROJECT
from support_kpis.engines.duckdb_erase import ID_COLUMNS, MEMBERS, erase, masked_records

RECORD = {"ticket_id": "17", "customer_id": "17", "author_id": "17", "assignee_id": "17", "team_id": None}
MASKED = {**RECORD, "customer_id": "erased-1", "author_id": "erased-1"}


def test_an_id_is_taken_from_customers_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    with duckdb.connect(str(old)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_tickets as "
            "select '17' as ticket_id, '17' as customer_id, '17' as assignee_id, '17' as team_id"
        )
        connection.execute("create table marts.dim_teams as select '17' as team_id, '17' as team_name")
        connection.execute(
            "create table marts.fct_interactions as select * from (values "
            "('1', '17', 'customer'), ('2', '17', 'agent'), ('3', '18', 'customer'), ('4', '17', null)"
            ") as spoken (interaction_id, author_id, author_type)"
        )
        connection.execute(
            "create table marts.ops_quarantine as select * from (values "
            "('customers', '17', ?), ('tickets', '17', null)) as rejected (raw_table, raw_key, raw_record)",
            [json.dumps(RECORD)],
        )
        connection.execute("create table marts.kpi_scorecard as select '17' as member_id")

    assert erase(old, new, {"17": "erased-1"})
    with duckdb.connect(str(new), read_only=True) as connection:

        def rows(table: str) -> list[tuple[object, ...]]:
            return connection.execute(f"select * from marts.{table}").fetchall()

        assert rows("fct_tickets") == [("17", "erased-1", "17", "17")]
        assert rows("dim_teams") == [("17", "17")]
        assert rows("fct_interactions") == [
            ("1", "erased-1", "customer"),
            ("2", "17", "agent"),
            ("3", "18", "customer"),
            ("4", "17", None),
        ]
        assert rows("ops_quarantine") == [
            ("customers", "erased-1", json.dumps(MASKED)),
            ("tickets", "17", None),
        ]
        assert rows("kpi_scorecard") == [("17",)]
    assert not erase(new, tmp_path / "again.duckdb", {"17": "erased-1"})


def test_a_rejected_row_that_names_no_customer_stays() -> None:
    records = [json.dumps({"ticket_id": "17", "customer_id": None}), None]
    assert masked_records(records, {"17": "erased-1"}) == {}


def test_the_members_of_a_rejected_row_are_those_of_the_build() -> None:
    model = PROJECT / "models" / "intermediate" / "rows" / "int_rows_quarantined.sql"
    assert f"{{%- set id_columns = {list(MEMBERS)} %}}" in model.read_text(encoding="utf-8")


def test_no_published_column_of_customers_is_forgotten() -> None:
    named = {
        line.split("name:")[1].strip()
        for path in (PROJECT / "models" / "marts").rglob("_*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- name:")
    }
    assert {name for name in named if name.endswith("customer_id")} <= set(ID_COLUMNS)
