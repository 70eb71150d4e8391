"""The contract is read from the staging models' yml."""

from pathlib import Path

import pytest

from support_kpis.contract import load_contract
from support_kpis.errors import WrongUse


def test_all_raw_tables_are_there(project_dir: Path) -> None:
    contract = load_contract(project_dir)
    assert len(contract) == 22
    assert [table.name for table in contract.values() if table.required] == [
        "interactions",
        "survey_responses",
        "ticket_events",
        "tickets",
    ]


def test_columns_carry_what_the_contract_says(project_dir: Path) -> None:
    contract = load_contract(project_dir)
    tickets = contract["tickets"]
    assert tickets.key == ("ticket_id",)
    assert list(tickets.columns)[:3] == ["ticket_id", "source_system", "created_at"]
    assert list(tickets.columns)[-1] == "loaded_at"
    assert tickets.columns["priority"].values == ("low", "normal", "high", "urgent")
    assert tickets.columns["customer_id"].refers_to == "customers"
    assert tickets.columns["is_spam"].default is False
    assert tickets.required_columns == ("ticket_id", "created_at", "status")
    assert contract["interactions"].columns["body"].pii
    assert contract["schedule_hours"].key == ("schedule_id", "day_of_week", "opens_at", "valid_from")
    assert {column.type for table in contract.values() for column in table.columns.values()} == {
        "text", "timestamp", "date", "boolean", "integer", "number", "decimal",
    }  # fmt: skip


def test_a_project_without_contract_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="is the checkout complete"):
        load_contract(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "models/staging/helpdesk"
    folder.mkdir(parents=True)
    (folder / "_helpdesk__x.yml").write_text("models:\n  - config: {meta: {raw_table: x}}\n")
    with pytest.raises(WrongUse, match=r"_helpdesk__x\.yml does not read"):
        load_contract(tmp_path)
