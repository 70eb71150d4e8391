"""On Spark too, no earlier build keeps the id of a customer erased since."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support_kpis.engines.spark_erase import erase


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    tables = tmp_path_factory.mktemp("tables")
    builder = SparkSession.builder.master("local[1]").config("spark.sql.warehouse.dir", str(tables))
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.legacy.createHiveTableByDefault": "false",
    }.items():
        builder = builder.config(name, value)
    opened = builder.getOrCreate()
    yield opened
    opened.stop()


def test_ids_and_records_are_replaced_where_they_stand_and_nowhere_else(session: Any, tmp_path: Path) -> None:
    record = json.dumps({"ticket_id": "t1", "customer_id": "c1"})
    for statement in (
        "create database intermediate",
        "create database marts_000001",
        "create database marts_000002",
        "create table intermediate.int_customers_resolved as "
        "select * from values ('c1', 'erased-1', true), ('c2', 'c2', false) as t "
        "(customer_id, published_customer_id, is_id_hidden)",
        "create table marts_000001.fct_tickets as "
        "select * from values ('t1', 'c1', 5), ('t2', 'c2', 6), ('c10', 'c10', 7) "
        "as t (ticket_id, customer_id, n)",
        "create table marts_000001.ops_quarantine as "
        f"select * from values ('{record}', 'why'), (null, 'c2') as t (raw_record, reason)",
        "create table marts_000001.fct_interactions as select * from values "
        "('1', 'c1', 'customer'), ('2', 'c1', 'agent'), ('3', 'c1', null) as t (c1, author_id, author_type)",
        "create table marts_000001.dim_teams as select 'c1' as team_id",
        "create table marts_000002.fct_tickets as "
        "select * from values ('c1', 'c2', 6) as t (ticket_id, customer_id, n)",
    ):
        session.sql(statement)
    assert erase(session, ["marts_000001", "marts_000002"]) == ["marts_000001"]
    tickets = session.sql("select * from marts_000001.fct_tickets order by n").collect()
    assert [tuple(row) for row in tickets] == [("t1", "erased-1", 5), ("t2", "c2", 6), ("c10", "c10", 7)]
    rejected = session.sql(
        "select raw_record, reason from marts_000001.ops_quarantine order by reason"
    ).collect()
    assert rejected[0][0] is None and rejected[0][1] == "c2"
    assert json.loads(rejected[1][0]) == {"ticket_id": "t1", "customer_id": "erased-1"}
    spoken = session.sql("select author_id from marts_000001.fct_interactions order by c1").collect()
    assert [row[0] for row in spoken] == ["erased-1", "c1", "c1"]
    assert session.sql("select team_id from marts_000001.dim_teams").collect()[0][0] == "c1"
    assert erase(session, ["marts_000001", "marts_000002"]) == []
